// RUN: lacuna-opt %s -attn-lower-storage -canonicalize -cse | FileCheck %s
// Loops over elements; a gather clamps its row, a scatter drops rows that do not exist. Sizes that disagree are refused first.

!t = tensor<2x4x?x8xf32>

// CHECK-LABEL: func.func @gather
// CHECK-NOT: attn.gather_rows
// CHECK: tile.require %{{.*}}, %{{.*}}, "gather_rows: rows to gather (at least)"
// CHECK-COUNT-4: scf.for
// CHECK: %[[ENTRY:.*]] = tensor.extract %{{.*}} : tensor<1x2x?xi32>
// CHECK: %[[ROW:.*]] = arith.index_cast %[[ENTRY]]
// CHECK: arith.minsi %[[ROW]]
// CHECK: arith.maxsi
// CHECK: tensor.extract %{{.*}} : tensor<2x4x?x8xf32>
// CHECK: tensor.insert
func.func @gather(%k: !t, %order: tensor<1x2x?xi32>) -> !t {
  %x = attn.gather_rows %k[%order] layout(bhsd) : !t, tensor<1x2x?xi32> -> !t
  return %x : !t
}

// CHECK-LABEL: func.func @pages
// CHECK: tile.require %{{.*}}, %{{.*}}, "gather_pages: pages of the cache (at least)"
// CHECK-COUNT-4: scf.for
// CHECK: arith.divui %{{.*}}, %c16
// CHECK: arith.remui %{{.*}}, %c16
// CHECK: tensor.insert
func.func @pages(%k: tensor<?x4x16x8xf32>, %table: tensor<2x?xi32>) -> !t {
  %x = attn.gather_pages %k[%table] layout(bhsd) : tensor<?x4x16x8xf32>, tensor<2x?xi32> -> !t
  return %x : !t
}

// CHECK-LABEL: func.func @scatter
// CHECK-SAME: %[[INIT:[^:]*]]: tensor<2x4x?x8xf32>)
// CHECK: tile.require %{{.*}}, %{{.*}}, "scatter_rows: rows of the scatter's table"
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[INIT]])
// CHECK: arith.cmpi ult
// CHECK: scf.if
// CHECK: tensor.insert
func.func @scatter(%s: !t, %order: tensor<2x4x?xi32>, %init: !t) -> !t {
  %x = attn.scatter_rows %s[%order] into %init layout(bhsd) : !t, tensor<2x4x?xi32>, !t
  return %x : !t
}
