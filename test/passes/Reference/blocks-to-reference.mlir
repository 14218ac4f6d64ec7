// RUN: lacuna-opt %s -attn-expand-masks -attn-to-reference -canonicalize -cse | FileCheck %s
// A block mask is two loops over the pairs of its block, cut off at the lengths. Numbers are checked by test/Execute/reference.test.

// CHECK-LABEL: func.func @cover
// CHECK: scf.for %{{.*}} = %c0 to %c2
// CHECK: scf.for %[[Q:.*]] = %c0
// CHECK: scf.for %[[K:.*]] = %c0
// CHECK: %[[QB:.*]] = arith.divui %[[Q]], %c4
// CHECK: %[[Q0:.*]] = arith.muli %[[QB]], %c4
// CHECK: %[[QE:.*]] = arith.addi %[[Q0]], %c4
// CHECK: %[[Q1:.*]] = arith.minsi %[[QE]], %{{.*}} : index
// CHECK: %[[KB:.*]] = arith.divui %[[K]], %c8
// CHECK: %[[K0:.*]] = arith.muli %[[KB]], %c8
// CHECK: %[[K1:.*]] = arith.minsi %{{.*}}, %{{.*}} : index
// CHECK: scf.for %{{.*}} = %[[Q0]] to %[[Q1]] step %c1 iter_args(%{{.*}} = %false)
// CHECK: scf.for %{{.*}} = %[[K0]] to %[[K1]] step %c1
// CHECK: arith.ori
func.func @cover(%q: tensor<?x2x8xf32>, %k: tensor<?x1x8xf32>, %v: tensor<?x1x8xf32>) -> tensor<?x2x8xf32> {
  %c = attn.causal align(bottom_right)
  %m = attn.block_cover %c [4, 8]
  %o = attn.attention %q, %k, %v mask(%m) layout(shd) : tensor<?x2x8xf32>, tensor<?x1x8xf32>, tensor<?x1x8xf32> -> tensor<?x2x8xf32>
  return %o : tensor<?x2x8xf32>
}

// CHECK-LABEL: func.func @interior
// CHECK: iter_args(%{{.*}} = %true)
// CHECK: arith.andi
func.func @interior(%q: tensor<?x2x8xf32>, %k: tensor<?x1x8xf32>, %v: tensor<?x1x8xf32>) -> tensor<?x2x8xf32> {
  %c = attn.causal align(bottom_right)
  %m = attn.block_interior %c [4, 8]
  %o = attn.attention %q, %k, %v mask(%m) layout(shd) : tensor<?x2x8xf32>, tensor<?x1x8xf32>, tensor<?x1x8xf32> -> tensor<?x2x8xf32>
  return %o : tensor<?x2x8xf32>
}

// In a document the loops are over the document's block, and pairs of other documents or outside of all attend nothing.
// CHECK-LABEL: func.func @framed
// CHECK: arith.divui %{{.*}}, %c4
// CHECK: arith.minsi %{{.*}}, %[[LENGTH:.*]] : index
// CHECK: scf.for
// CHECK: scf.for
// CHECK: arith.subi %[[LENGTH]], %[[LENGTH]]
// CHECK: arith.ori
// CHECK: arith.andi
func.func @framed(%q: tensor<?x2x8xf32>, %k: tensor<?x1x8xf32>, %v: tensor<?x1x8xf32>, %cu: tensor<?xi32>) -> tensor<?x2x8xf32> {
  %c = attn.causal align(bottom_right)
  %x = attn.block_cover %c [4, 8]
  %m = attn.document %cu, %cu where %x : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(shd) : tensor<?x2x8xf32>, tensor<?x1x8xf32>, tensor<?x1x8xf32> -> tensor<?x2x8xf32>
  return %o : tensor<?x2x8xf32>
}
