// RUN: lacuna-opt %s -attn-expand-masks -attn-to-tile -canonicalize -cse | FileCheck %s
// One query and tiles of as many rows as query heads share a key head: the rows are heads, the grid counts key heads, the mask sees every row's own head. Q and
// the results are seen with the heads as rows. A score region, sinks and opaque masks are bound to one head: their rows stay queries.

!q = tensor<?x8x1x64xbf16>
!k = tensor<?x2x?x64xbf16>
!l = tensor<?x8x1xf32>
#flat = #attn.schedule<tile_m = 4, tile_n = 64>

// CHECK-LABEL: func.func @packed
// CHECK: tile.launch @packed.attention0 grid(%c1, %c2, %{{.*}})
// CHECK-LABEL: func.func @sinks
// CHECK: tile.launch @sinks.attention0 grid(%c1, %c8, %{{.*}})
// CHECK-LABEL: func.func @opaque
// CHECK: tile.launch @opaque.attention0 grid(%c1, %c8, %{{.*}})

// CHECK-LABEL: tile.kernel @packed.attention0
// CHECK-SAME: %[[X:[^:]*]]: index, %[[G:[^:]*]]: index, %[[B:[^:]*]]: index)
// CHECK: %[[HEAD:.*]] = arith.muli %[[G]], %c4 : index
// CHECK: tile.map
// CHECK: %[[I:.*]] = tile.index 0
// CHECK: %[[H:.*]] = arith.addi %[[HEAD]], %[[I]] : index
// CHECK: arith.maxsi %[[H]], %c0
// CHECK: %[[Q:.*]] = memref.transpose %{{.*}} (d0, d1, d2, d3) -> (d0, d2, d1, d3)
// CHECK: tile.load %[[Q]][%[[B]], %{{.*}}] rows(%[[HEAD]]) limit(%c8) {{.*}} -> !tile.tile<4x64xbf16>
// CHECK: tile.load %{{.*}}[%[[B]], %[[G]]] rows(
// CHECK: %[[O:.*]] = memref.transpose %{{.*}} (d0, d1, d2, d3) -> (d0, d2, d1, d3)
// CHECK: tile.store %{{.*}}, %[[O]][%[[B]], %{{.*}}] rows(%[[HEAD]]) limit(%c8)
// CHECK: %[[L:.*]] = memref.transpose %{{.*}} (d0, d1, d2) -> (d0, d2, d1)
// CHECK: tile.store %{{.*}}, %[[L]][%[[B]], %{{.*}}] rows(%[[HEAD]]) limit(%c8) : !tile.tile<4xf32>
func.func @packed(%q: !q, %k: !k) -> (!q, !l) {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %end = attn.key_length
    attn.yield %h, %end : index, index
  }
  %o, %l = attn.attention %q, %k, %k mask(%m) layout(bhsd) schedule(#flat) : !q, !k, !k -> !q, !l
  return %o, %l : !q, !l
}

func.func @sinks(%q: !q, %k: !k, %s: tensor<8xf32>) -> !q {
  %o = attn.attention %q, %k, %k sink_logits(%s : tensor<8xf32>) layout(bhsd) schedule(#flat) : !q, !k, !k -> !q
  return %o : !q
}

func.func @opaque(%q: !q, %k: !k) -> !q {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %c = arith.cmpi sle, %h, %j : index
    attn.yield %c : i1
  }
  %o = attn.attention %q, %k, %k mask(%m) layout(bhsd) schedule(#flat) : !q, !k, !k -> !q
  return %o : !q
}
