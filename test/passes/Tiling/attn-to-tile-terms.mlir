// RUN: lacuna-opt %s -split-input-file -attn-expand-masks -attn-to-tile -canonicalize -cse | FileCheck %s
// Masks that segments alone do not answer get a test region. Two terms have 8 break points, 7 segments after sorting them.

!t = tensor<1x1x?x8xf32>
// CHECK-LABEL: tile.kernel @two_terms.attention0
// CHECK-COUNT-2: %{{.*}}:6 = tile.map : !tile.tile<16xi32>
// CHECK: tile.visit key step 32 starts(%{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %{{[^,)]*}})
// CHECK: test {
// CHECK: %[[FLAGS:.*]]:2 = tile.map %{{.*}}#0, %{{.*}}#1, %{{.*}}#0, %{{.*}}#1 : !tile.tile<16xi32>
// CHECK: tile.reduce max %[[FLAGS]]#0
// CHECK: tile.reduce min %[[FLAGS]]#1
// CHECK: tile.yield %{{.*}}, %{{.*}} : i1, i1
// CHECK: partial {
// CHECK: tile.map %{{.*}}, %{{.*}}#0, %{{.*}}#1, %{{.*}}#0, %{{.*}}#1 broadcast [none, rows, rows, rows, rows]
// CHECK: arith.ori
func.func @two_terms(%q: !t, %w: index) -> !t {
  %l = attn.sliding_window [%w, 0] align(bottom_right)
  %s = attn.sink_tokens [4]
  %m = attn.or %l, %s
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

// An opaque predicate: no row bounds; every tile is asked, and asked again element by element where partial.
!t = tensor<1x1x64x8xf32>
// CHECK-LABEL: tile.kernel @opaque.attention0
// CHECK-NOT: !tile.tile<16xi32>
// CHECK: tile.visit key step 32 starts(%c0, %c0, %c0) partial(%c0, %c0, %c2) full(%c0, %c0, %c0)
// CHECK: test {
// CHECK: partial {
// CHECK: tile.map %{{.*}} : !tile.tile<16x32xf32> -> !tile.tile<16x32xf32> {
// CHECK-DAG: tile.index 1
// CHECK-DAG: tile.index 0
// CHECK: arith.xori
func.func @opaque(%q: !t, %c: index) -> !t {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %x = arith.xori %i, %j : index
    %y = arith.cmpi sge, %x, %c : index
    attn.yield %y : i1
  }
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

// No mask: all tiles but a ragged last one are full; its elements are compared with the number of keys.
!t = tensor<1x1x?x8xf32>
// CHECK-LABEL: tile.kernel @no_mask.attention0
// CHECK-NOT: tile.reduce
// CHECK: tile.visit
// CHECK-NOT: test {
// CHECK: partial {
// CHECK: arith.cmpi slt
// CHECK: full {
func.func @no_mask(%q: !t) -> !t {
  %o = attn.attention %q, %q, %q layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

// Static sizes without a mask: the counts are constants, and no tile is partial.
!t = tensor<1x1x64x8xf32>
// CHECK-LABEL: tile.kernel @static_full.attention0
// CHECK: tile.visit key step 32 starts(%c0, %c0, %c2) partial(%c0, %c0, %c0) full(%c0, %c2, %c0)
func.func @static_full(%q: !t) -> !t {
  %o = attn.attention %q, %q, %q layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

// More than eight terms: masks of a choice become literals, each beside the interval of its heads, until the rest fits. Twelve terms here; two masks of
// three are collapsed, 1 + 1 + 4 remain, all of them with row bounds.
!t = tensor<1x4x?x8xf32>
// CHECK-LABEL: tile.kernel @many_terms.attention0
// CHECK-COUNT-6: %{{.*}}:6 = tile.map : !tile.tile<16xi32>
// CHECK-NOT: %{{.*}}:6 = tile.map : !tile.tile<16xi32>
// CHECK: tile.visit
func.func @many_terms(%q: !t, %w: index, %p: tensor<?xi32>) -> !t {
  %c = attn.causal align(bottom_right)
  %n = attn.not %c
  %l = attn.sliding_window [%w, 0] align(bottom_right)
  %s = attn.sink_tokens [4]
  %x = attn.or %l, %s, %n
  %m = attn.select head %p[%x, %x, %x] : tensor<?xi32>
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}
