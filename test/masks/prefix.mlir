// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/prefix.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @prefix
// LINK-SAME: %[[N:[^:]*]]: index)
// LINK: %[[C:.*]] = attn.causal align(bottom_right)
// LINK: %[[FIRST:.*]] = attn.sink_tokens [%[[N]]]
// LINK: attn.or %[[C]], %[[FIRST]]

// CHECK-LABEL: func.func @prefix
// CHECK: %[[C:.*]] = attn.interval
// CHECK: %[[FIRST:.*]] = attn.interval
// CHECK: %[[M:.*]] = attn.or %[[C]], %[[FIRST]]
// CHECK: mask(%[[M]])
func.func @prefix(%q: !t, %k: !t, %v: !t, %length: index) -> !t {
  %m = attn.named @prefix(%length : index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
