// RUN: lacuna-opt %s -attn-expand-masks -attn-to-tile -canonicalize -cse | FileCheck %s
// One term of intervals: segments in closed form (partial head, full body, partial tail), no test; row bounds only in the partial body.

!q = tensor<1x4x?x8xf32>
!k = tensor<1x2x?x8xf32>
!l = tensor<1x4x?xf32>

// CHECK-LABEL: func.func @f(
// CHECK-SAME: %[[Q:.*]]: tensor<1x4x?x8xf32>, %[[K:.*]]: tensor<1x2x?x8xf32>, %[[V:.*]]: tensor<1x2x?x8xf32>)
// CHECK-DAG: %[[C16:.*]] = arith.constant 16
// CHECK-DAG: %[[SQ:.*]] = tensor.dim %[[Q]], %c2
// CHECK-DAG: %[[O:.*]] = tensor.empty(%[[SQ]]) : tensor<1x4x?x8xf32>
// CHECK-DAG: %[[L:.*]] = tensor.empty(%[[SQ]]) : tensor<1x4x?xf32>
// CHECK: %[[TILES:.*]] = arith.ceildivui %[[SQ]], %[[C16]]
// CHECK: tile.launch @f.attention0 grid(%[[TILES]], %c4, %c1) ins(%[[Q]], %[[K]], %[[V]] : {{.*}}) outs(%[[O]], %[[L]] : {{.*}}) -> tensor<1x4x?x8xf32>, tensor<1x4x?xf32>
// CHECK-NOT: attn.

// CHECK-LABEL: tile.kernel @f.attention0(
// CHECK-SAME: memref<1x4x?x8xf32, strided<[?, ?, ?, 1], offset: ?>>
// CHECK-SAME: %[[M:[^:]*]]: index, %[[H:[^:]*]]: index, %[[B:[^:]*]]: index) attributes {tile.schedule = #attn.schedule<tile_m = 16, tile_n = 32>}
// CHECK: %[[Q0:.*]] = arith.muli %[[M]], %c16
// CHECK: %[[H2:.*]] = arith.muli %[[H]], %c2
// CHECK: %[[KV:.*]] = arith.divui %[[H2]], %c4
// CHECK: %[[ROWS:.*]]:6 = tile.map : !tile.tile<16xi32>,
// CHECK: %[[QT:.*]] = tile.load %{{.*}}[%[[B]], %[[H]]] rows(%[[Q0]]) limit(%{{.*}}) : {{.*}} -> !tile.tile<16x8xf32>
// CHECK: %[[R:.*]]:3 = tile.visit key step 32 starts(%[[HULL:.*]], %[[CORE:.*]], %[[TAIL:.*]]) partial(%{{.*}}, %c0, %{{.*}}) full(%c0, %{{.*}}, %c0)
// CHECK-NOT: test {
// CHECK: partial {
// CHECK: tile.load %{{.*}}[%[[B]], %[[KV]]] rows(%{{.*}}) limit(%{{[^)]*}}) : {{.*}} -> !tile.tile<32x8xf32>
// CHECK: %[[S:.*]] = tile.mma %[[QT]], %{{.*}} transpose_rhs
// CHECK: tile.map %[[S]], %[[ROWS]]#0, %[[ROWS]]#1 broadcast [none, rows, rows]
// CHECK: arith.select %{{.*}}, %{{.*}}, %{{.*}} : f32
// CHECK: full {
// CHECK: tile.load {{.*}} in_bounds
// CHECK: %[[S:.*]] = tile.mma %[[QT]], %{{.*}} transpose_rhs
// CHECK-NEXT: tile.reduce max %[[S]] axis 1
// CHECK-NOT: %[[ROWS]]#
// CHECK: tile.mma %{{.*}}, %{{.*}} acc(
// CHECK: tile.store %{{.*}}, %{{.*}}[%[[B]], %[[H]]] rows(%[[Q0]]) limit(%{{.*}}) : !tile.tile<16x8xf32>,
// CHECK: tile.store %{{.*}}, %{{.*}}[%[[B]], %[[H]]] rows(%[[Q0]]) limit(%{{.*}}) : !tile.tile<16xf32>,
func.func @f(%q: !q, %k: !k, %v: !k) -> (!q, !l) {
  %m = attn.causal align(top_left)
  %o, %l = attn.attention %q, %k, %v mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !q, !k, !k -> !q, !l
  return %o, %l : !q, !l
}
