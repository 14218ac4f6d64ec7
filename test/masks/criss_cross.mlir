// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/criss_cross.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @criss_cross
// LINK: attn.predicate

// CHECK-LABEL: func.func @criss_cross
// CHECK: %[[ROW:.*]] = attn.interval
// CHECK: %[[COLUMN:.*]] = attn.predicate
// CHECK: %[[M:.*]] = attn.or %[[ROW]], %[[COLUMN]]
// CHECK: mask(%[[M]])
func.func @criss_cross(%q: !t, %k: !t, %v: !t, %width: index) -> !t {
  %m = attn.named @criss_cross(%width : index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
