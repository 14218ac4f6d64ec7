// RUN: lacuna-opt %s -attn-expand-states | FileCheck %s
// A state is what attention with an f32 output and LSE gives; groups and score region stay.

!q = tensor<1x8x?x64xbf16>
!s = !attn.state<bhsd, 1x8x?x64>

// CHECK-LABEL: func.func @f
// CHECK-NOT: attention_state
// CHECK: %[[R:.*]]:2 = attn.attention %{{.*}}, %{{.*}}, %{{.*}} mask(%{{.*}}) layout(bhsd) scale(5.000000e-01) sink_logits(%{{.*}} : tensor<8xf32>) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) score {
// CHECK: attn.yield
// CHECK: } {note = "kept"} : tensor<1x8x?x64xbf16>, tensor<1x8x?x64xbf16>, tensor<1x8x?x64xbf16> -> tensor<1x8x?x64xf32>, tensor<1x8x?xf32>
// CHECK: %[[S:.*]] = attn.make_state %[[R]]#0, %[[R]]#1 : tensor<1x8x?x64xf32>, tensor<1x8x?xf32> -> !attn.state<bhsd, 1x8x?x64>
// CHECK: attn.finalize %[[S]]
func.func @f(%q: !q, %sinks: tensor<8xf32>) -> !q {
  %m = attn.causal align(bottom_right)
  %s = attn.attention_state %q, %q, %q mask(%m) layout(bhsd) scale(0.5) sink_logits(%sinks : tensor<8xf32>) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    attn.yield %x : f32
  } {note = "kept"} : !q, !q, !q -> !s
  %o = attn.finalize %s : !s -> !q
  return %o : !q
}
