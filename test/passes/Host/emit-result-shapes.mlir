// RUN: lacuna-opt %s -split-input-file -host-emit-result-shapes -verify-diagnostics | FileCheck %s
// Sizes of results from sizes and scalars of arguments, never from data.

// CHECK-LABEL: func.func @attention.result_shapes(
// CHECK-SAME: %[[Q:.*]]: tensor<?x2x?x8xf32>, %{{.*}}: tensor<?x2x?x8xf32>, %{{.*}}: tensor<?x2x?x16xf32>)
// CHECK-SAME: -> (index, index, index, index, index, index, index) attributes {lacuna.part = "result_shapes"}
// CHECK-DAG: %[[C2:.*]] = arith.constant 2 : index
// CHECK-DAG: %[[C16:.*]] = arith.constant 16 : index
// CHECK-DAG: %[[B:.*]] = tensor.dim %[[Q]], %c0
// CHECK-DAG: %[[S:.*]] = tensor.dim %[[Q]], %[[C2]]
// CHECK: return %[[B]], %[[C2]], %[[S]], %[[C16]], %[[B]], %[[C2]], %[[S]]
func.func @attention(%q: tensor<?x2x?x8xf32>, %k: tensor<?x2x?x8xf32>, %v: tensor<?x2x?x16xf32>) -> (tensor<?x2x?x16xf32>, tensor<?x2x?xf32>) {
  %q2 = arith.addf %q, %q : tensor<?x2x?x8xf32>
  %o, %lse = attn.attention %q2, %k, %v layout(bhsd)
    : tensor<?x2x?x8xf32>, tensor<?x2x?x8xf32>, tensor<?x2x?x16xf32> -> tensor<?x2x?x16xf32>, tensor<?x2x?xf32>
  return %o, %lse : tensor<?x2x?x16xf32>, tensor<?x2x?xf32>
}

// -----

// CHECK-LABEL: func.func @from_scalar.result_shapes(
// CHECK-SAME: %{{.*}}: tensor<?xf32>, %[[N:.*]]: index) -> index
// CHECK-NEXT: return %[[N]] : index
func.func @from_scalar(%x: tensor<?xf32>, %n: index) -> tensor<?xf32> {
  %y = tensor.extract_slice %x[0] [%n] [1] : tensor<?xf32> to tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

func.func @from_data(%x: tensor<?xf32>, %sizes: tensor<1xindex>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  // expected-error @below {{expects result sizes of 'from_data' to be computed from sizes and scalars of arguments, but got 'tensor.extract'}}
  %n = tensor.extract %sizes[%c0] : tensor<1xindex>
  %y = tensor.extract_slice %x[0] [%n] [1] : tensor<?xf32> to tensor<?xf32>
  return %y : tensor<?xf32>
}
