// RUN: lacuna-opt %s -attn-to-tile -canonicalize | FileCheck %s
// Weights that end in bf16 may be approximate; not where their sum is a result (LSE), and not in f32 or f16.

#s = #attn.schedule<tile_m = 16, tile_n = 32>
!b = tensor<1x1x?x8xbf16>
!f = tensor<1x1x?x8xf32>
!h = tensor<1x1x?x8xf16>

// CHECK-LABEL: tile.kernel @bf16.attention0
// CHECK: math.exp2 %{{[^ ]*}} : f32
// CHECK: math.exp2 %{{[^ ]*}} fastmath<afn> : f32
func.func @bf16(%q: !b, %k: !b, %v: !b) -> !b {
  %o = attn.attention %q, %k, %v layout(bhsd) schedule(#s) : !b, !b, !b -> !b
  return %o : !b
}

// CHECK-LABEL: tile.kernel @with_lse.attention0
// CHECK-NOT: fastmath
// CHECK: tile.return
func.func @with_lse(%q: !b, %k: !b, %v: !b) -> (!b, tensor<1x1x?xf32>) {
  %o, %lse = attn.attention %q, %k, %v layout(bhsd) schedule(#s) : !b, !b, !b -> !b, tensor<1x1x?xf32>
  return %o, %lse : !b, tensor<1x1x?xf32>
}

// CHECK-LABEL: tile.kernel @f32.attention0
// CHECK-NOT: fastmath
// CHECK: tile.return
func.func @f32(%q: !f, %k: !f, %v: !f) -> !f {
  %o = attn.attention %q, %k, %v layout(bhsd) schedule(#s) : !f, !f, !f -> !f
  return %o : !f
}

// CHECK-LABEL: tile.kernel @f16.attention0
// CHECK-NOT: fastmath
// CHECK: tile.return
func.func @f16(%q: !h, %k: !h, %v: !h) -> !h {
  %o = attn.attention %q, %k, %v layout(bhsd) schedule(#s) : !h, !h, !h -> !h
  return %o : !h
}
