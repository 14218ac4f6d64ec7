// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// attn.block_cover, attn.block_interior.
// CHECK-LABEL: func.func @blocks
func.func @blocks() {
  // CHECK: %[[C:.*]] = attn.causal
  %c = attn.causal align(bottom_right)
  // CHECK: attn.block_cover %[[C]] [64, 128]
  %cover = attn.block_cover %c [64, 128]
  // CHECK: attn.block_interior %[[C]] [1, 3]
  %interior = attn.block_interior %c [1, 3]
  // CHECK: attn.block_cover %[[C]] [4, 8] within {
  // CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
  // CHECK: attn.yield %[[Q]], %{{.*}}, %{{.*}}, %{{.*}} : index, index, index, index
  %framed = attn.block_cover %c [4, 8] within {
  ^bb0(%b: index, %h: index, %i: index):
    %queries = attn.query_length
    %first = arith.constant 64 : index
    %keys = attn.key_length
    attn.yield %i, %queries, %first, %keys : index, index, index, index
  }
  return
}
