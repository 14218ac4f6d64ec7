// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/share_question.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @share_question
// LINK: attn.or

// Two intervals: segment 0 and the query's own, both up to the diagonal.
// CHECK-LABEL: func.func @share_question
// CHECK: %[[QUESTION:.*]] = attn.interval
// CHECK-NOT: attn.segment
// CHECK: %[[OWN:.*]] = attn.interval
// CHECK: attn.segment
// CHECK: %[[M:.*]] = attn.or %[[QUESTION]], %[[OWN]]
// CHECK: mask(%[[M]])
func.func @share_question(%q: !t, %k: !t, %v: !t, %cu: tensor<?xi32>) -> !t {
  %m = attn.named @share_question(%cu : tensor<?xi32>)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
