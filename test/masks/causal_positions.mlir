// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/causal_positions.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @causal_positions
// LINK: attn.predicate

// CHECK-LABEL: func.func @causal_positions
// CHECK-SAME: %[[PQ:[^:]*]]: tensor<?x?x?xi32>, %[[PK:[^:]*]]: tensor<?x?x?xi32>)
// CHECK: %[[M:.*]] = attn.predicate
// CHECK: ^bb0(%[[B:.*]]: index, %[[H:.*]]: index, %[[Q:.*]]: index, %[[K:.*]]: index):
// CHECK: %[[X:.*]] = attn.lookup %[[PQ]][%[[B]], %[[H]], %[[Q]]]
// CHECK: %[[Y:.*]] = attn.lookup %[[PK]][%[[B]], %[[H]], %[[K]]]
// CHECK: arith.cmpi sle, %[[Y]], %[[X]]
// CHECK: mask(%[[M]])
func.func @causal_positions(%q: !t, %k: !t, %v: !t, %position_q: tensor<?x?x?xi32>, %position_k: tensor<?x?x?xi32>) -> !t {
  %m = attn.named @causal_positions(%position_q, %position_k : tensor<?x?x?xi32>, tensor<?x?x?xi32>)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
