// RUN: lacuna-opt %s -split-input-file -verify-diagnostics -attn-to-tile
// What attn-to-tile refuses.

!t = tensor<1x1x?x8xf32>
func.func @no_schedule(%q: !t) -> !t {
  // expected-error@+1 {{expects a schedule (run attn-select-schedule first)}}
  %o = attn.attention %q, %q, %q layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
