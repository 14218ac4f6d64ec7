// RUN: lacuna-opt %s -attn-expand-masks -attn-to-reference -canonicalize -cse | FileCheck %s
// RUN: lacuna-opt %s -attn-expand-masks -attn-to-reference -canonicalize -cse -one-shot-bufferize=bufferize-function-boundaries \
// RUN:   | FileCheck %s --check-prefix=BUFFERS
// Plain loops in f64, nothing of attn left. Numbers are checked by test/Execute/reference.test.

// Memory: the results and one row of scores; no copies.
// BUFFERS-LABEL: func.func @causal
// BUFFERS-DAG: memref.alloc(%{{.*}}) {{.*}} : memref<?x2x8xf32>
// BUFFERS-DAG: memref.alloc(%{{.*}}) {{.*}} : memref<2x?xf32>
// BUFFERS-DAG: memref.alloc(%{{.*}}) {{.*}} : memref<?xf64>
// BUFFERS-NOT: memref.alloc
// BUFFERS-NOT: memref.copy
// BUFFERS-LABEL: func.func @lookup

// CHECK-LABEL: func.func @causal
// CHECK-NOT: attn.
// CHECK: %[[ROW:.*]] = tensor.empty(%{{.*}}) : tensor<?xf64>
// CHECK: scf.for %[[H:.*]] = %c0 to %c2
// CHECK: scf.for %[[Q:.*]] = %c0
// 1. Scores of attended pairs and their maximum.
// CHECK: scf.for %[[K:.*]] = %c0
// CHECK: %[[BEFORE_END:.*]] = arith.cmpi slt, %[[K]], %{{.*}} : index
// CHECK: scf.if
// CHECK: arith.extf %{{.*}} : f32 to f64
// CHECK: } else {
// CHECK: arith.maximumf {{.*}} : f64
// 2. Weights and their sum.
// CHECK: scf.for
// CHECK: tensor.insert %{{.*}} : tensor<?xf64>
// 3. The output, rounded once.
// CHECK: scf.for %{{.*}} = %c0 to %c8
// CHECK: arith.truncf %{{.*}} : f64 to f32
func.func @causal(%q: tensor<?x2x8xf32>, %k: tensor<?x1x8xf32>, %v: tensor<?x1x8xf32>) -> (tensor<?x2x8xf32>, tensor<2x?xf32>) {
  %m = attn.causal align(bottom_right)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(shd)
    : tensor<?x2x8xf32>, tensor<?x1x8xf32>, tensor<?x1x8xf32> -> tensor<?x2x8xf32>, tensor<2x?xf32>
  return %o, %lse : tensor<?x2x8xf32>, tensor<2x?xf32>
}

// A table is read only where the index is inside it.
// CHECK-LABEL: func.func @lookup
// CHECK-SAME: %[[T:[^:]*]]: tensor<?xi1>)
// CHECK: %[[N:.*]] = tensor.dim %[[T]]
// CHECK: %[[LO:.*]] = arith.cmpi sge, %[[K:.*]], %c0 : index
// CHECK: %[[HI:.*]] = arith.cmpi slt, %[[K]], %[[N]] : index
// CHECK: %[[IN:.*]] = arith.andi %[[LO]], %[[HI]] : i1
// CHECK: %[[X:.*]] = scf.if %[[IN]] -> (index) {
// CHECK: %[[E:.*]] = tensor.extract %[[T]][%[[K]]]
// CHECK: arith.index_castui %[[E]] : i1 to index
// CHECK: } else {
// CHECK: %[[KEEP:.*]] = arith.cmpi ne, %[[X]], %c0 : index
// CHECK: arith.andi %[[IN]], %[[KEEP]] : i1
func.func @lookup(%q: tensor<1x1x?x8xf32>, %k: tensor<1x1x?x8xf32>, %v: tensor<1x1x?x8xf32>, %keep: tensor<?xi1>) -> tensor<1x1x?x8xf32> {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    %x = attn.lookup %keep[%j] : tensor<?xi1> -> index
    %c = arith.cmpi ne, %x, %zero : index
    attn.yield %c : i1
  }
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32> -> tensor<1x1x?x8xf32>
  return %o : tensor<1x1x?x8xf32>
}

// Tables may be buffers.
// CHECK-LABEL: func.func @buffer_table
// CHECK: scf.if
// CHECK: memref.load %{{.*}}[%{{.*}}] : memref<?xi32>
func.func @buffer_table(%q: tensor<1x1x?x8xf32>, %k: tensor<1x1x?x8xf32>, %v: tensor<1x1x?x8xf32>, %n: memref<?xi32>) -> tensor<1x1x?x8xf32> {
  %m = attn.key_lengths %n : memref<?xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32> -> tensor<1x1x?x8xf32>
  return %o : tensor<1x1x?x8xf32>
}
