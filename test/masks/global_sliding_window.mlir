// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/global_sliding_window.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @global_sliding_window
// LINK-SAME: %[[W:[^:]*]]: index, %[[G:[^:]*]]: index)
// LINK: attn.sliding_window [%[[W]], %[[W]]] align(bottom_right)
// LINK: attn.sink_tokens [%[[G]]]

// Three intervals per row, no predicate.
// CHECK-LABEL: func.func @global_sliding_window
// CHECK: %[[NEAR:.*]] = attn.interval
// CHECK: %[[TO:.*]] = attn.interval
// CHECK: %[[FROM:.*]] = attn.interval
// CHECK: %[[M:.*]] = attn.or %[[NEAR]], %[[TO]], %[[FROM]]
// CHECK: mask(%[[M]])
func.func @global_sliding_window(%q: !t, %k: !t, %v: !t, %window: index, %global: index) -> !t {
  %m = attn.named @global_sliding_window(%window, %global : index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
