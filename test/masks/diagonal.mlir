// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/diagonal.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @diagonal
// LINK-SAME: %[[R:[^:]*]]: index)
// LINK: attn.sliding_window [%[[R]], %[[R]]] align(top_left)

// CHECK-LABEL: func.func @diagonal
// CHECK: %[[M:.*]] = attn.interval
// CHECK: mask(%[[M]])
func.func @diagonal(%q: !t, %k: !t, %v: !t, %radius: index) -> !t {
  %m = attn.named @diagonal(%radius : index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
