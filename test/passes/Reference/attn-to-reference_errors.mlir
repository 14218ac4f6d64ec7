// RUN: lacuna-opt %s -verify-diagnostics -attn-to-reference

!t = tensor<2x2x?x64xf32>
func.func @not_expanded(%q: !t, %k: !t, %v: !t) -> !t {
  // expected-error@+1 {{expects attn-expand-masks to run first, but got a mask made by attn.causal}}
  %m = attn.causal align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
