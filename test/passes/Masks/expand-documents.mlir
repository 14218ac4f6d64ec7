// RUN: lacuna-opt %s -attn-expand-masks | FileCheck %s
// The inner mask of a document sees local coordinates and the lengths of its document; intervals stay intervals.

!t = tensor<?x2x64xf32>
!i = tensor<?xi32>

// CHECK-LABEL: func.func @plain
// CHECK-SAME: %[[CQ:[^:]*]]: tensor<?xi32>, %[[CK:[^:]*]]: tensor<?xi32>)
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[D:.*]] = attn.segment %[[CQ]][%[[Q]]]
// CHECK: %[[LO:.*]] = attn.lookup %[[CK]][%[[D]]] monotone
// CHECK: %[[D1:.*]] = arith.addi %[[D]], %{{.*}} : index
// CHECK: %[[HI:.*]] = attn.lookup %[[CK]][%[[D1]]] monotone
// CHECK: attn.yield %[[LO]], %[[HI]]
func.func @plain(%q: !t, %k: !t, %v: !t, %cu_q: !i, %cu_k: !i) -> !t {
  %m = attn.document %cu_q, %cu_k : !i, !i
  %o = attn.attention %q, %k, %v mask(%m) layout(shd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @window_inside
// CHECK-SAME: %[[CQ:[^:]*]]: tensor<?xi32>, %[[CK:[^:]*]]: tensor<?xi32>)
// CHECK: %[[SAME:.*]] = attn.interval
// CHECK: %[[LOCAL:.*]] = attn.interval
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[D:.*]] = attn.segment %[[CQ]][%[[Q]]]
// CHECK: %[[S:.*]] = attn.lookup %[[CQ]][%[[D]]] monotone
// CHECK: %[[L:.*]] = arith.subi %[[Q]], %[[S]]
// CHECK: %[[LO:.*]] = arith.subi %[[L]], %{{.*}} : index
// An end beyond 2^62 would wrap when it is moved.
// CHECK: %[[ABOVE:.*]] = arith.maxsi %[[LO]], %{{.*}} : index
// CHECK: %[[INSIDE:.*]] = arith.minsi %[[ABOVE]], %{{.*}} : index
// CHECK: %[[START:.*]] = attn.lookup %[[CK]][%[[D]]] monotone
// CHECK: arith.addi %[[INSIDE]], %[[START]]
// CHECK: attn.and %[[SAME]], %[[LOCAL]]
func.func @window_inside(%q: !t, %k: !t, %v: !t, %cu_q: !i, %cu_k: !i) -> !t {
  %w = attn.sliding_window [7, 0] align(top_left)
  %m = attn.document %cu_q, %cu_k where %w : !i, !i
  %o = attn.attention %q, %k, %v mask(%m) layout(shd) : !t, !t, !t -> !t
  return %o : !t
}

// In a predicate the key counts from where the keys of the query's document begin: pairs of two documents attend nothing anyway.
// CHECK-LABEL: func.func @predicate_inside
// CHECK-SAME: %[[CQ:[^:]*]]: tensor<?xi32>, %[[CK:[^:]*]]: tensor<?xi32>)
// CHECK: attn.predicate
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index, %[[K:.*]]: index):
// CHECK: %[[D:.*]] = attn.segment %[[CQ]][%[[Q]]]
// CHECK-NOT: attn.segment
// CHECK: %[[QS:.*]] = attn.lookup %[[CQ]][%[[D]]]
// CHECK: %[[QL:.*]] = arith.subi %[[Q]], %[[QS]]
// CHECK: %[[KS:.*]] = attn.lookup %[[CK]][%[[D]]]
// CHECK: %[[KL:.*]] = arith.subi %[[K]], %[[KS]]
// CHECK: arith.cmpi sge, %[[QL]], %[[KL]]
func.func @predicate_inside(%q: !t, %k: !t, %v: !t, %cu_q: !i, %cu_k: !i) -> !t {
  %p = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %c = arith.cmpi sge, %i, %j : index
    attn.yield %c : i1
  }
  %m = attn.document %cu_q, %cu_k where %p : !i, !i
  %o = attn.attention %q, %k, %v mask(%m) layout(shd) : !t, !t, !t -> !t
  return %o : !t
}

// Two levels: the inner search runs on coordinates of the outer document. The mask %c also serves unnested.
// CHECK-LABEL: func.func @nested_and_shared
// CHECK: %[[C:.*]] = attn.interval
// CHECK-NOT: attn.document
// CHECK: attn.attention {{.*}} mask(%[[C]])
// CHECK: attn.attention {{.*}} mask(%{{.*}})
func.func @nested_and_shared(%q: !t, %k: !t, %v: !t, %cu: !i, %sub: !i) -> (!t, !t) {
  %c = attn.causal align(bottom_right)
  %inner = attn.document %sub, %sub where %c : !i, !i
  %m = attn.document %cu, %cu where %inner : !i, !i
  %o = attn.attention %q, %k, %v mask(%c) layout(shd) : !t, !t, !t -> !t
  %p = attn.attention %q, %k, %v mask(%m) layout(shd) : !t, !t, !t -> !t
  return %o, %p : !t, !t
}

// Blocks keep their mask; their frame finds the row's document, where it begins and how long it is.
// CHECK-LABEL: func.func @blocks
// CHECK: %[[C:.*]] = attn.interval
// CHECK: %[[SAME:.*]] = attn.interval
// CHECK: %[[M:.*]] = attn.block_cover %[[C]] [4, 6] within {
// CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[D:.*]] = attn.segment %[[CU:.*]][%[[Q]]]
// CHECK: %[[LOCAL:.*]] = arith.subi %[[Q]], %{{.*}} : index
// CHECK: attn.yield %[[LOCAL]], %{{.*}}, %{{.*}}, %{{.*}} : index, index, index, index
// CHECK: attn.and %[[SAME]], %[[M]]
func.func @blocks(%q: !t, %k: !t, %v: !t, %cu: !i) -> !t {
  %c = attn.causal align(bottom_right)
  %inner = attn.block_cover %c [4, 6]
  %m = attn.document %cu, %cu where %inner : !i, !i
  %o = attn.attention %q, %k, %v mask(%m) layout(shd) : !t, !t, !t -> !t
  return %o : !t
}
