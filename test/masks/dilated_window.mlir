// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/dilated_window.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @dilated_window
// LINK: attn.equal

// The first to the last neighbour is an interval, the residue an equality.
// CHECK-LABEL: func.func @dilated_window
// CHECK: %[[NEAR:.*]] = attn.interval
// CHECK: %[[GROUP:.*]] = attn.equal
// CHECK: %[[M:.*]] = attn.and %[[NEAR]], %[[GROUP]]
// CHECK: mask(%[[M]])
func.func @dilated_window(%q: !t, %k: !t, %v: !t, %window: index, %dilation: index) -> !t {
  %m = attn.named @dilated_window(%window, %dilation : index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
