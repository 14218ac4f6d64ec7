// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// The examples of the design, word for word, and the op's optional groups.

// CHECK-LABEL: func.func @window_gqa
// CHECK: attn.sliding_window [%{{.*}}, 0] align(bottom_right)
// CHECK: attn.attention %{{.*}}, %{{.*}}, %{{.*}} mask(%{{.*}}) layout(bhsd) : tensor<?x32x?x128xbf16>, tensor<?x8x?x128xbf16>, tensor<?x8x?x128xbf16> -> tensor<?x32x?x128xbf16>, tensor<?x32x?xf32>
func.func @window_gqa(%q: tensor<?x32x?x128xbf16> {attn.name = "q"}, %k: tensor<?x8x?x128xbf16> {attn.name = "k"},
    %v: tensor<?x8x?x128xbf16> {attn.name = "v"}, %w: index {attn.name = "window"}) -> (tensor<?x32x?x128xbf16>, tensor<?x32x?xf32>) {
  %c = attn.causal align(bottom_right)
  %s = attn.sliding_window [%w, 0] align(bottom_right)
  %m = attn.and %c, %s
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x32x?x128xbf16>, tensor<?x8x?x128xbf16>, tensor<?x8x?x128xbf16> -> tensor<?x32x?x128xbf16>, tensor<?x32x?xf32>
  return %o, %lse : tensor<?x32x?x128xbf16>, tensor<?x32x?xf32>
}

// CHECK-LABEL: func.func @documents
// CHECK: attn.document %{{.*}}, %{{.*}} where %{{.*}} : tensor<?xi32>, tensor<?xi32>
// CHECK: attn.attention {{.*}} layout(shd) score {
func.func @documents(%q: tensor<?x4x64xf32>, %k: tensor<?x4x64xf32>, %v: tensor<?x4x64xf32>,
    %cu_q: tensor<?xi32>, %cu_k: tensor<?xi32>) -> tensor<?x4x64xf32> {
  %c = attn.causal align(bottom_right)
  %w = attn.sliding_window [128, 0] align(bottom_right)
  %n = attn.sink_tokens [4]
  %ws = attn.or %w, %n
  %local = attn.and %c, %ws
  %m = attn.document %cu_q, %cu_k where %local : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(shd) score { ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    %y = math.tanh %x : f32
    attn.yield %y : f32
  } : tensor<?x4x64xf32>, tensor<?x4x64xf32>, tensor<?x4x64xf32> -> tensor<?x4x64xf32>
  return %o : tensor<?x4x64xf32>
}
