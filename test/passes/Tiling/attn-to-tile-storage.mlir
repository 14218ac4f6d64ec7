// RUN: lacuna-opt %s -split-input-file -attn-expand-masks -attn-to-tile -canonicalize -cse | FileCheck %s
// Gathers and scatters of rows become maps of the kernel's loads and stores; no gathered tensor is left.

!t = tensor<1x1x?x8xf32>
// CHECK-LABEL: func.func @rows
// CHECK-NOT: attn.gather_rows
// CHECK-NOT: attn.scatter_rows
// CHECK: tile.require {{.*}} "attention: rows to gather (at least)"
// CHECK: tile.require {{.*}} "attention: rows of the scatter's table"
// CHECK: tile.launch @rows.attention0 {{.*}} outs(%{{.*}} : tensor<1x1x?x8xf32>)
// CHECK-LABEL: tile.kernel @rows.attention0
// CHECK: tile.load %{{.*}} rows(%{{.*}}) limit(%{{.*}}) map {
// CHECK: ^bb0(%[[ROW:.*]]: index):
// CHECK: memref.load %{{.*}}[%{{.*}}, %{{.*}}, %[[ROW]]]
// CHECK: arith.minsi
// CHECK: arith.maxsi
// CHECK: tile.yield %{{.*}} : index
// CHECK: tile.visit
// CHECK-COUNT-2: tile.load %{{.*}} limit(%{{.*}}) map {
// CHECK: full {
// CHECK-COUNT-2: tile.load %{{.*}} in_bounds map {
// CHECK: tile.store %{{.*}} map {
// CHECK: %[[EXISTS:.*]] = arith.cmpi ult
// CHECK: tile.yield %{{.*}}, %[[EXISTS]] : index, i1
func.func @rows(%q: !t, %k: !t, %order: tensor<1x1x?xi32>, %init: !t) -> !t {
  %qs = attn.gather_rows %q[%order] layout(bhsd) : !t, tensor<1x1x?xi32> -> !t
  %ks = attn.gather_rows %k[%order] layout(bhsd) : !t, tensor<1x1x?xi32> -> !t
  %os = attn.attention %qs, %ks, %ks layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  %o = attn.scatter_rows %os[%order] into %init layout(bhsd) : !t, tensor<1x1x?xi32>, !t
  return %o : !t
}

// -----

// Pages: rows are counted in elements, since page and slot have strides of their own.
!t = tensor<1x1x?x8xf32>
!c = tensor<?x1x16x8xf32>
// CHECK-LABEL: tile.kernel @pages.attention0
// CHECK: memref.reinterpret_cast {{.*}} strides: [%{{.*}}, 1, 1]
// CHECK: tile.load {{.*}} map {
// CHECK: ^bb0(%[[ROW:.*]]: index):
// CHECK: arith.divui %[[ROW]], %c16
// CHECK: arith.remui %[[ROW]], %c16
func.func @pages(%q: !t, %k: !c, %table: tensor<1x?xi32>) -> !t {
  %ks = attn.gather_pages %k[%table] layout(bhsd) : !c, tensor<1x?xi32> -> !t
  %o = attn.attention %q, %ks, %ks layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

// The output has another use: the kernel writes it as it is, the scatter stays.
!t = tensor<1x1x?x8xf32>
// CHECK-LABEL: func.func @kept
// CHECK: tile.launch
// CHECK: attn.scatter_rows
func.func @kept(%q: !t, %order: tensor<1x1x?xi32>, %init: !t) -> (!t, !t) {
  %os = attn.attention %q, %q, %q layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  %o = attn.scatter_rows %os[%order] into %init layout(bhsd) : !t, tensor<1x1x?xi32>, !t
  return %o, %os : !t, !t
}
