// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @lengths(%q: tensor<5xi32>, %k: tensor<6xi32>) {
  // expected-error@+1 {{expects boundary tables of the same length, but got 5 and 6}}
  %d = attn.document %q, %k : tensor<5xi32>, tensor<6xi32>
  return
}

// -----

func.func @empty(%q: tensor<0xi32>, %k: tensor<?xi32>) {
  // expected-error@+1 {{expects boundary tables of at least 1 entry (N + 1 for N documents), but got 0}}
  %d = attn.document %q, %k : tensor<0xi32>, tensor<?xi32>
  return
}

// -----

func.func @element(%q: tensor<?xi64>) {
  // expected-error@+1 {{must be 1D tensor of i32 values, but got 'tensor<?xi64>'}}
  %d = attn.document %q, %q : tensor<?xi64>, tensor<?xi64>
  return
}
