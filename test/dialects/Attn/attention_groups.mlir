// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// Groups may come in any order; they are printed in one order. Defaults are not printed; layout always is.

!t = tensor<2x4x?x64xf16>

// CHECK-LABEL: func.func @any_order
// CHECK: attn.attention %{{.*}}, %{{.*}}, %{{.*}} mask(%{{.*}}) layout(bhsd) scale(5.000000e-01) sink_logits(%{{.*}} : tensor<4xf32>) schedule(#attn.schedule<tile_m = 64, tile_n = 32>) score {
// CHECK: } : tensor<2x4x?x64xf16>, tensor<2x4x?x64xf16>, tensor<2x4x?x64xf16> -> tensor<2x4x?x64xf16>, tensor<2x4x?xf32>, tensor<2x4x?xf32>
func.func @any_order(%q: !t, %k: !t, %v: !t, %sinks: tensor<4xf32>) -> !t {
  %m = attn.all
  %o, %lse, %max = attn.attention %q, %k, %v sink_logits(%sinks : tensor<4xf32>) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    attn.yield %x : f32
  } scale(0.5) layout(bhsd) mask(%m) schedule(#attn.schedule<tile_m = 64, tile_n = 32>)
    : !t, !t, !t -> !t, tensor<2x4x?xf32>, tensor<2x4x?xf32>
  return %o : !t
}

// CHECK-LABEL: func.func @plain
// CHECK: attn.attention %{{.*}}, %{{.*}}, %{{.*}} layout(bshd) : tensor
func.func @plain(%q: tensor<?x?x8x128xbf16>, %k: tensor<?x?x2x128xbf16>, %v: tensor<?x?x2x64xbf16>) -> tensor<?x?x8x64xbf16> {
  %o = attn.attention %q, %k, %v layout(bshd) : tensor<?x?x8x128xbf16>, tensor<?x?x2x128xbf16>, tensor<?x?x2x64xbf16> -> tensor<?x?x8x64xbf16>
  return %o : tensor<?x?x8x64xbf16>
}
