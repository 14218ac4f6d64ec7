// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/strided.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @strided
// LINK: attn.sliding_window

// CHECK-LABEL: func.func @strided
// CHECK: %[[NEAR:.*]] = attn.interval
// CHECK: %[[CAUSAL:.*]] = attn.interval
// CHECK: %[[COLUMN:.*]] = attn.predicate
// CHECK: arith.remsi
// CHECK: %[[FAR:.*]] = attn.and %[[CAUSAL]], %[[COLUMN]]
// CHECK: %[[M:.*]] = attn.or %[[NEAR]], %[[FAR]]
// CHECK: mask(%[[M]])
func.func @strided(%q: !t, %k: !t, %v: !t, %stride: index) -> !t {
  %m = attn.named @strided(%stride : index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
