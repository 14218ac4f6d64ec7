// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// All forms of the ops on unfinished softmax states and finished outputs.

!q = tensor<?x4x?x64xbf16>
!k = tensor<?x2x?x64xbf16>
!o = tensor<?x4x?x64xf32>
!l = tensor<?x4x?xf32>
!s = !attn.state<bhsd, ?x4x?x64>

// CHECK-LABEL: func.func @make
func.func @make(%q: !q, %k: !k, %o: !o, %l: !l, %sinks: tensor<4xf32>) -> (!s, !s, !attn.state<shd, ?x8x64>) {
  %m = attn.causal align(bottom_right)
  // CHECK: attn.attention_state %{{.*}}, %{{.*}}, %{{.*}} mask(%{{.*}}) layout(bhsd) scale(5.000000e-01) sink_logits(%{{.*}} : tensor<4xf32>) score {
  // CHECK: } : tensor<?x4x?x64xbf16>, tensor<?x2x?x64xbf16>, tensor<?x2x?x64xbf16> -> !attn.state<bhsd, ?x4x?x64>
  %a = attn.attention_state %q, %k, %k mask(%m) layout(bhsd) scale(0.5) sink_logits(%sinks : tensor<4xf32>) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    attn.yield %x : f32
  } : !q, !k, !k -> !s
  // CHECK: attn.make_state %{{.*}}, %{{.*}} : tensor<?x4x?x64xf32>, tensor<?x4x?xf32> -> !attn.state<bhsd, ?x4x?x64>
  %b = attn.make_state %o, %l : !o, !l -> !s
  %e = tensor.empty() : tensor<5x8x64xf32>
  %f = tensor.empty() : tensor<8x5xf32>
  // CHECK: attn.make_state %{{.*}}, %{{.*}} : tensor<5x8x64xf32>, tensor<8x5xf32> -> !attn.state<shd, ?x8x64>
  %c = attn.make_state %e, %f : tensor<5x8x64xf32>, tensor<8x5xf32> -> !attn.state<shd, ?x8x64>
  return %a, %b, %c : !s, !s, !attn.state<shd, ?x8x64>
}

// CHECK-LABEL: func.func @merge
func.func @merge(%a: !s, %b: !s, %x: f32, %y: f32) -> (!q, !o, !l) {
  // CHECK: attn.merge_states %{{.*}} : !attn.state<bhsd, ?x4x?x64> -> !attn.state<bhsd, ?x4x?x64>
  %one = attn.merge_states %a : !s -> !s
  // CHECK: attn.merge_states %{{.*}}, %{{.*}} temperatures(%{{.*}}, %{{.*}}) log_weights(%{{.*}}, %{{.*}}) : !attn
  %both = attn.merge_states %one, %b temperatures(%x, %y) log_weights(%y, %x) : !s, !s -> !s
  // CHECK: attn.merge_states %{{.*}}, %{{.*}} log_weights(%{{.*}}, %{{.*}}) : !attn
  %again = attn.merge_states %both, %b log_weights(%y, %x) : !s, !s -> !s
  // CHECK: attn.finalize %{{.*}} : !attn.state<bhsd, ?x4x?x64> -> tensor<?x4x?x64xbf16>{{$}}
  %o = attn.finalize %both : !s -> !q
  // CHECK: attn.finalize %{{.*}} : !attn.state<bhsd, ?x4x?x64> -> tensor<?x4x?x64xf32>, tensor<?x4x?xf32>
  %p, %l = attn.finalize %again : !s -> !o, !l
  return %o, %p, %l : !q, !o, !l
}

// CHECK-LABEL: func.func @gates
func.func @gates(%a: !q, %b: !q, %g: !l, %h: !l) -> !q {
  // CHECK: attn.gate_sum %{{.*}}, %{{.*}} gates(%{{.*}}, %{{.*}} : tensor<?x4x?xf32>, tensor<?x4x?xf32>) layout(bhsd) : tensor<?x4x?x64xbf16>, tensor<?x4x?x64xbf16> -> tensor<?x4x?x64xbf16>
  %o = attn.gate_sum %a, %b gates(%g, %h : !l, !l) layout(bhsd) : !q, !q -> !q
  return %o : !q
}

// An output of 16-bit attention may be f32.
// CHECK-LABEL: func.func @wide
func.func @wide(%q: !q, %k: !k) -> !o {
  // CHECK: attn.attention {{.*}} -> tensor<?x4x?x64xf32>
  %o = attn.attention %q, %k, %k layout(bhsd) : !q, !k, !k -> !o
  return %o : !o
}
