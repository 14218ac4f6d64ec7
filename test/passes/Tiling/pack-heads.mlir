// RUN: lacuna-opt %s -attn-expand-masks -attn-to-tile -canonicalize -cse | FileCheck %s
// Rows that are pairs of a query and one of the heads that share a key head: the grid counts key heads, the mask sees every row's own head and query, Q and the
// results have rows counted in elements and a map to where they lie; nothing is copied.

!q = tensor<?x8x3x64xbf16>
!k = tensor<?x2x?x64xbf16>
!l = tensor<?x8x3xf32>
#packed = #attn.schedule<tile_m = 8, tile_n = 64, pack_heads = true>

// CHECK-LABEL: func.func @packed
// CHECK: tile.launch @packed.attention0 grid(%c2, %c2, %{{.*}})

// CHECK-LABEL: tile.kernel @packed.attention0
// CHECK-SAME: %[[X:[^:]*]]: index, %[[G:[^:]*]]: index, %[[B:[^:]*]]: index)
// CHECK: %[[FIRST:.*]] = arith.muli %[[X]], %c8 : index
// CHECK: %[[HEAD:.*]] = arith.muli %[[G]], %c4 : index
// CHECK: tile.map
// CHECK: %[[I:.*]] = tile.index 0
// CHECK: %[[R:.*]] = arith.addi %[[FIRST]], %[[I]] : index
// CHECK: %[[OF:.*]] = arith.remui %[[R]], %c4 : index
// CHECK: %[[H:.*]] = arith.addi %[[HEAD]], %[[OF]] : index
// CHECK: %[[QUERY:.*]] = arith.divui %[[R]], %c4 : index
// CHECK: arith.muli %[[H]], %[[QUERY]]
// CHECK: memref.extract_strided_metadata
// CHECK: %[[FLAT:.*]] = memref.reinterpret_cast {{.*}} strides: [%strides#0, 1, 1]
// CHECK: %[[Q:.*]] = memref.cast %[[FLAT]]
// CHECK: tile.load %[[Q]][%[[B]]] rows(%[[FIRST]]) limit(%c12) map {
// CHECK-NEXT: ^bb0(%[[ROW:.*]]: index):
// CHECK-NEXT: %[[IN_GROUP:.*]] = arith.remui %[[ROW]], %c4
// CHECK-NEXT: %[[H:.*]] = arith.addi %[[HEAD]], %[[IN_GROUP]]
// CHECK-NEXT: %[[S:.*]] = arith.divui %[[ROW]], %c4
// CHECK-NEXT: %[[TO_QUERY:.*]] = arith.muli %[[S]], %strides#2
// CHECK-NEXT: %[[TO_HEAD:.*]] = arith.muli %[[H]], %strides#1
// CHECK-NEXT: %[[AT:.*]] = arith.addi %[[TO_QUERY]], %[[TO_HEAD]]
// CHECK-NEXT: tile.yield %[[AT]]
// CHECK: } {{.*}} -> !tile.tile<8x64xbf16>
// CHECK: tile.load %{{.*}}[%[[B]], %[[G]]] rows(
// CHECK: tile.store %{{.*}}[%[[B]]] rows(%[[FIRST]]) limit(%c12) map {
// CHECK: tile.yield %{{.*}}, %true
// CHECK: tile.store %{{.*}}[%[[B]]] rows(%[[FIRST]]) limit(%c12) map {
// CHECK: : !tile.tile<8xf32>, memref<?x?xf32, strided<[?, 1], offset: ?>>
func.func @packed(%q: !q, %k: !k) -> (!q, !l) {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %end = attn.key_length
    %low = arith.muli %h, %i : index
    attn.yield %low, %end : index, index
  }
  %o, %l = attn.attention %q, %k, %k mask(%m) layout(bhsd) schedule(#packed) : !q, !k, !k -> !q, !l
  return %o, %l : !q, !l
}

// A score region gets every row's own head, and a row's sink is that of its head.
// CHECK-LABEL: tile.kernel @bound.attention0
// CHECK: %[[HEAD:.*]] = arith.muli %{{.*}}, %c4 : index
// CHECK: partial {
// CHECK: tile.mma
// CHECK: tile.map
// CHECK: arith.remui
// CHECK: %[[H:.*]] = arith.addi %[[HEAD]], %{{.*}}
// CHECK: arith.index_cast %[[H]] : index to i32
// CHECK: full {
// CHECK: %[[SINKS:.*]] = tile.map : !tile.tile<8xf32> {
// CHECK: arith.remui
// CHECK: %[[OWN:.*]] = arith.addi %[[HEAD]], %{{.*}}
// CHECK: memref.load %arg3[%[[OWN]]]
// CHECK: tile.map %{{.*}}, %[[SINKS]] :
// CHECK: tile.map %{{.*}}, %{{.*}}, %{{.*}}, %[[SINKS]] :
func.func @bound(%q: !q, %k: !k, %sinks: tensor<8xf32>) -> !q {
  %o = attn.attention %q, %k, %k sink_logits(%sinks : tensor<8xf32>) layout(bhsd) schedule(#packed) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    %n = arith.index_cast %h : index to i32
    %f = arith.sitofp %n : i32 to f32
    %y = arith.addf %x, %f : f32
    attn.yield %y : f32
  } : !q, !k, !k -> !q
  return %o : !q
}
