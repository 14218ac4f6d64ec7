// RUN: lacuna-opt %s -split-input-file -host-results-to-arguments -verify-diagnostics | FileCheck %s
// Results become memory of the caller, arguments read-only; private functions stay.

// CHECK-LABEL: func.func @f(
// CHECK-SAME: %[[X:.*]]: tensor<4x?xf32> {bufferization.writable = false}, %[[N:.*]]: index,
// CHECK-SAME: %[[OUT:.*]]: memref<4x?xf32, strided<[?, 1], offset: ?>>) {
// CHECK: %[[Y:.*]] = arith.addf
// CHECK: bufferization.materialize_in_destination %[[Y]] in restrict writable %[[OUT]]
// CHECK: return{{$}}
func.func @f(%x: tensor<4x?xf32>, %n: index) -> (tensor<4x?xf32> {attn.name = "y"}) {
  %y = arith.addf %x, %x : tensor<4x?xf32>
  return %y : tensor<4x?xf32>
}

// CHECK-LABEL: func.func private @helper(%{{.*}}: tensor<4xf32>) -> tensor<4xf32>
func.func private @helper(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// expected-error @below {{expects results that are ranked tensors, but got 'index' as result 0}}
func.func @scalar_result(%n: index) -> index {
  return %n : index
}
