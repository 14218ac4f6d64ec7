// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// CHECK-LABEL: func.func @lookup
func.func @lookup(%a: tensor<?xi32>, %b: tensor<2x?xf32>, %c: memref<4xi1>, %d: tensor<f32>) {
  // CHECK: attn.predicate
  %m = attn.predicate {
  ^bb0(%bb: index, %h: index, %i: index, %j: index):
    // CHECK: attn.lookup %{{.*}}[%{{.*}}] : tensor<?xi32> -> index
    %x = attn.lookup %a[%i] : tensor<?xi32> -> index
    // CHECK: attn.lookup %{{.*}}[%{{.*}}] monotone : tensor<?xi32> -> index
    %y = attn.lookup %a[%j] monotone : tensor<?xi32> -> index
    // CHECK: attn.lookup %{{.*}}[%{{.*}}, %{{.*}}] : tensor<2x?xf32> -> f32
    %z = attn.lookup %b[%h, %j] : tensor<2x?xf32> -> f32
    // CHECK: attn.lookup %{{.*}}[%{{.*}}] : memref<4xi1> -> index
    %w = attn.lookup %c[%h] : memref<4xi1> -> index
    // CHECK: attn.lookup %{{.*}}[] : tensor<f32> -> f32
    %v = attn.lookup %d[] : tensor<f32> -> f32
    %r = arith.cmpf olt, %z, %v : f32
    attn.yield %r : i1
  }
  return
}
