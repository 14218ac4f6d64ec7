// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// attn.all, causal, sliding_window, sink_tokens, document, key_lengths, named: every spelling.
// CHECK-LABEL: func.func @core_masks
func.func @core_masks(%w: index, %cu: tensor<?xi32>, %five: tensor<5xi32>, %buffer: memref<?xi32>) {
  // CHECK: %[[ALL:.*]] = attn.all
  %all = attn.all
  // CHECK: attn.causal align(top_left)
  %c0 = attn.causal align(top_left)
  // CHECK: attn.causal align(bottom_right)
  %c1 = attn.causal align(bottom_right)
  // CHECK: attn.sliding_window [127, 0] align(bottom_right)
  %s0 = attn.sliding_window [127, 0] align(bottom_right)
  // CHECK: attn.sliding_window [%{{.*}}, %{{.*}}] align(top_left)
  %s1 = attn.sliding_window [%w, %w] align(top_left)
  // CHECK: attn.sliding_window [3, %{{.*}}] align(top_left)
  %s2 = attn.sliding_window [3, %w] align(top_left)
  // CHECK: attn.sink_tokens [4]
  %n0 = attn.sink_tokens [4]
  // CHECK: attn.sink_tokens [%{{.*}}]
  %n1 = attn.sink_tokens [%w]
  // CHECK: attn.document %{{.*}}, %{{.*}} : tensor<?xi32>, tensor<5xi32>
  %d0 = attn.document %cu, %five : tensor<?xi32>, tensor<5xi32>
  // CHECK: attn.document %{{.*}}, %{{.*}} where %[[ALL]] : memref<?xi32>, memref<?xi32>
  %d1 = attn.document %buffer, %buffer where %all : memref<?xi32>, memref<?xi32>
  // CHECK: attn.key_lengths %{{.*}} : tensor<?xi32>
  %k0 = attn.key_lengths %cu : tensor<?xi32>
  // CHECK: attn.named @x()
  %x0 = attn.named @x()
  // CHECK: attn.named @x(%{{.*}}, %{{.*}} : index, tensor<?xi32>)
  %x1 = attn.named @x(%w, %cu : index, tensor<?xi32>)
  return
}
