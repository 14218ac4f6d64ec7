// RUN: lacuna-opt %s -split-input-file -attn-to-tile -canonicalize -cse | FileCheck %s
// Layouts become views whose last two dimensions are (sequence, feature). Run-time sizes that must agree are required to, constants are not.

!q = tensor<2x?x8x16xbf16>
!k = tensor<2x?x2x16xbf16>
!v = tensor<2x?x2x24xbf16>
!o = tensor<2x?x8x24xbf16>
// CHECK-LABEL: func.func @bshd
// CHECK: tile.require %{{.*}}, %{{.*}}, "attention: length of value"
// CHECK-NOT: tile.require
// CHECK: tile.launch @bshd.attention0 grid(%{{.*}}, %c8, %c2)
// CHECK-LABEL: tile.kernel @bshd.attention0
// CHECK-COUNT-3: memref.transpose %{{.*}} (d0, d1, d2, d3) -> (d0, d2, d1, d3)
// CHECK: tile.load {{.*}} -> !tile.tile<16x16xbf16>
// CHECK: tile.load {{.*}} -> !tile.tile<32x16xbf16>
// CHECK: tile.load {{.*}} -> !tile.tile<32x24xbf16>
// CHECK: %[[O:.*]] = tile.convert %{{.*}} : !tile.tile<16x24xf32> -> !tile.tile<16x24xbf16>
// CHECK: memref.transpose
// CHECK: tile.store %[[O]]
func.func @bshd(%q: !q, %k: !k, %v: !v) -> !o {
  %o = attn.attention %q, %k, %v layout(bshd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !q, !k, !v -> !o
  return %o : !o
}

// -----

!t = tensor<?x4x16xf32>
// CHECK-LABEL: tile.kernel @shd.attention0
// CHECK-SAME: %{{[^:]*}}: index, %[[H:[^:]*]]: index, %{{[^:]*}}: index)
// CHECK: memref.transpose %{{.*}} (d0, d1, d2) -> (d1, d0, d2)
// CHECK: tile.load %{{.*}}[%[[H]]]
// CHECK: tile.store %{{.*}}, %{{.*}}[%[[H]]] {{.*}} !tile.tile<16x16xf32>
// CHECK: tile.store %{{.*}}, %{{.*}}[%[[H]]] {{.*}} !tile.tile<16xf32>
func.func @shd(%q: !t, %k: !t, %v: !t) -> (!t, tensor<4x?xf32>) {
  %o:2 = attn.attention %q, %k, %v layout(shd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t, tensor<4x?xf32>
  return %o#0, %o#1 : !t, tensor<4x?xf32>
}

// -----

!t = tensor<?x?x?x8xf32>
// CHECK-LABEL: func.func @all_dynamic
// CHECK: tile.require %{{.*}}, %{{.*}}, "attention: batch size of key"
// CHECK: tile.require %{{.*}}, %{{.*}}, "attention: batch size of value"
// CHECK: tile.require %{{.*}}, %{{.*}}, "attention: number of heads of value"
// CHECK: tile.require %{{.*}}, %{{.*}}, "attention: length of value"
// CHECK: tile.require %{{.*}}, %{{.*}}, "attention: number of query heads (at least)"
// CHECK: tile.require %{{.*}}, %{{.*}}, "attention: number of key heads (at least)"
// CHECK: tile.require %{{.*}}, %{{.*}}, "attention: query heads modulo key heads"
// CHECK: tile.require %{{.*}}, %{{.*}}, "attention: number of sink logits"
func.func @all_dynamic(%q: !t, %k: !t, %v: !t, %s: tensor<?xf32>) -> !t {
  %o = attn.attention %q, %k, %v sink_logits(%s : tensor<?xf32>) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<2x4x64x8xf32>
// CHECK-LABEL: func.func @all_static
// CHECK-NOT: tile.require
// CHECK: tile.launch @all_static.attention0 grid(%c4, %c4, %c2)
func.func @all_static(%q: !t, %k: !t, %v: !t) -> !t {
  %o = attn.attention %q, %k, %v layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

// Two attentions of one function: two kernels; a mask that both used is gone.
!t = tensor<2x4x64x8xf32>
// CHECK-LABEL: func.func @two
// CHECK-NOT: attn.
// CHECK: tile.launch @two.attention0
// CHECK: tile.launch @two.attention1
// CHECK: tile.kernel @two.attention0
// CHECK: tile.kernel @two.attention1
func.func @two(%q: !t) -> !t {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %c0 = arith.constant 0 : index
    attn.yield %c0, %i : index, index
  }
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  %p = attn.attention %o, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %p : !t
}
