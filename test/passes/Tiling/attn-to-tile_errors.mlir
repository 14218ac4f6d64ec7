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

// -----

// Rows of several heads: nothing may be bound to the one head of a tile.
!q = tensor<1x4x2x8xf32>
!k = tensor<1x2x?x8xf32>
#packed = #attn.schedule<tile_m = 4, tile_n = 32, pack_heads = true>
func.func @packed_gathered(%q: !q, %k: !k, %order: tensor<1x4x2xi32>) -> !q {
  %qs = attn.gather_rows %q[%order] layout(bhsd) : !q, tensor<1x4x2xi32> -> !q
  // expected-error@+1 {{expects static numbers of heads, of which several share a key head, and no gathered queries or masks tested tile by tile with pack_heads, but got #attn.schedule<tile_m = 4, tile_n = 32, pack_heads = true>}}
  %o = attn.attention %qs, %k, %k layout(bhsd) schedule(#packed) : !q, !k, !k -> !q
  return %o : !q
}

// -----

!q = tensor<1x4x2x8xf32>
!k = tensor<1x2x?x8xf32>
#packed = #attn.schedule<tile_m = 4, tile_n = 32, pack_heads = true>
func.func @packed_opaque(%q: !q, %k: !k) -> !q {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %c = arith.cmpi sle, %h, %j : index
    attn.yield %c : i1
  }
  // expected-error@+1 {{expects static numbers of heads}}
  %o = attn.attention %q, %k, %k mask(%m) layout(bhsd) schedule(#packed) : !q, !k, !k -> !q
  return %o : !q
}

// -----

!q = tensor<1x4x2x8xf32>
#packed = #attn.schedule<tile_m = 4, tile_n = 32, pack_heads = true>
func.func @packed_one_each(%q: !q) -> !q {
  // expected-error@+1 {{expects static numbers of heads}}
  %o = attn.attention %q, %q, %q layout(bhsd) schedule(#packed) : !q, !q, !q -> !q
  return %o : !q
}
