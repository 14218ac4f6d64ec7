// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/flashmask.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @flashmask
// LINK: attn.predicate

// CHECK-LABEL: func.func @flashmask
// CHECK-SAME: %[[ROWS:[^:]*]]: tensor<?x?x?x4xi32>)
// CHECK: %[[M:.*]] = attn.predicate
// CHECK-COUNT-4: attn.lookup %[[ROWS]]
// CHECK: mask(%[[M]])
func.func @flashmask(%q: !t, %k: !t, %v: !t, %rows: tensor<?x?x?x4xi32>) -> !t {
  %m = attn.named @flashmask(%rows : tensor<?x?x?x4xi32>)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
