// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @element(%t: tensor<?xi64>) {
  // expected-error@+1 {{must be 1D tensor of i32 values, but got 'tensor<?xi64>'}}
  %d = attn.key_lengths %t : tensor<?xi64>
  return
}

// -----

!t = tensor<3x2x?x64xf32>
func.func @batch(%q: !t, %k: !t, %v: !t, %lengths: tensor<2xi32>) -> !t {
  // expected-error@+1 {{expects one length per batch entry (3), but got a table of 2}}
  %m = attn.key_lengths %lengths : tensor<2xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
