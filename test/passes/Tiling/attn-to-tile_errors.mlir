// RUN: lacuna-opt %s -split-input-file -verify-diagnostics -attn-to-tile
// What attn-to-tile refuses.

!t = tensor<1x1x?x8xf32>
func.func @no_schedule(%q: !t) -> !t {
  // expected-error@+1 {{expects a schedule (run attn-select-schedule first)}}
  %o = attn.attention %q, %q, %q layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<1x1x?x8xf32>
!l = tensor<1x1x?xf32>
func.func @split_row_max(%q: !t) -> !l {
  // expected-error@+1 {{expects no row max of keys that are split, but got #attn.schedule<tile_m = 8, tile_n = 32, split = 2>}}
  %o:3 = attn.attention %q, %q, %q layout(bhsd) schedule(#attn.schedule<tile_m = 8, tile_n = 32, split = 2>) : !t, !t, !t -> !t, !l, !l
  return %o#2 : !l
}
