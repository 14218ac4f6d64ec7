// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// CHECK-LABEL: func.func @select
func.func @select(%table: tensor<?xi32>, %eight: memref<8xi32>) {
  // CHECK: %[[A:.*]] = attn.all
  %a = attn.all
  // CHECK: %[[C:.*]] = attn.causal
  %c = attn.causal align(top_left)
  // CHECK: attn.select head %{{.*}}[%[[A]], %[[C]]] : tensor<?xi32>
  %h = attn.select head %table[%a, %c] : tensor<?xi32>
  // CHECK: attn.select batch %{{.*}}[%[[C]]] : memref<8xi32>
  %b = attn.select batch %eight[%c] : memref<8xi32>
  return
}
