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

// -----

// A loop that keeps the sizes of what it carries: those of the initial value. The inner one carries a tensor that is made from it.
// CHECK-LABEL: func.func @loop.result_shapes(
// CHECK-SAME: %[[Q:[a-z0-9]*]]: tensor<1x2x?x8xf32>
// CHECK: %[[S:.*]] = tensor.dim %[[Q]], %c2
// CHECK-NOT: scf.for
// CHECK: return %c1, %c2, %[[S]], %c8
func.func @loop(%q: tensor<1x2x?x8xf32>, %k: tensor<1x2x?x8xf32>, %n: index) -> tensor<1x2x?x8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %o = scf.for %i = %c0 to %n step %c1 iter_args(%x = %q) -> tensor<1x2x?x8xf32> {
    %y = attn.attention %x, %k, %k layout(bhsd) : tensor<1x2x?x8xf32>, tensor<1x2x?x8xf32>, tensor<1x2x?x8xf32> -> tensor<1x2x?x8xf32>
    %z = scf.for %j = %c0 to %n step %c1 iter_args(%w = %y) -> tensor<1x2x?x8xf32> {
      %u = arith.addf %w, %y : tensor<1x2x?x8xf32>
      scf.yield %u : tensor<1x2x?x8xf32>
    }
    scf.yield %z : tensor<1x2x?x8xf32>
  }
  return %o : tensor<1x2x?x8xf32>
}

// -----

// The queries come from the keys of the iteration before: nothing is known.
func.func @grows(%q: tensor<1x2x?x8xf32>, %k: tensor<1x2x?x8xf32>, %n: index) -> tensor<1x2x?x8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %o:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %q, %y = %k) -> (tensor<1x2x?x8xf32>, tensor<1x2x?x8xf32>) {
    // expected-error @below {{expects result sizes of 'grows' to be computed from sizes and scalars of arguments, but got 'scf.yield'}}
    scf.yield %y, %x : tensor<1x2x?x8xf32>, tensor<1x2x?x8xf32>
  }
  return %o#0 : tensor<1x2x?x8xf32>
}
