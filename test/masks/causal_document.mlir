// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/causal_document.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @causal_document
// LINK: %[[C:.*]] = attn.causal align(bottom_right)
// LINK: attn.document %{{.*}}, %{{.*}} where %[[C]]

// Two intervals: the keys of the document, and its own causal bound.
// CHECK-LABEL: func.func @causal_document
// CHECK: %[[DOC:.*]] = attn.interval
// CHECK: attn.segment
// CHECK: %[[CAUSAL:.*]] = attn.interval
// CHECK: attn.segment
// CHECK: %[[M:.*]] = attn.and %[[DOC]], %[[CAUSAL]]
// CHECK: mask(%[[M]])
func.func @causal_document(%q: !t, %k: !t, %v: !t, %cu_q: tensor<?xi32>, %cu_k: tensor<?xi32>) -> !t {
  %m = attn.named @causal_document(%cu_q, %cu_k : tensor<?xi32>, tensor<?xi32>)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
