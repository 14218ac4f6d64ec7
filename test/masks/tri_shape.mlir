// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/tri_shape.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// A library mask that names another one.
// LINK-LABEL: func.func @tri_shape
// LINK-NOT: attn.named
// LINK: attn.sliding_window
// LINK: %[[A:.*]] = attn.and
// LINK: %[[DENSE:.*]] = attn.interval
// LINK: attn.or %[[A]], %[[DENSE]]

// CHECK-LABEL: func.func @tri_shape
// CHECK-COUNT-3: attn.interval
// CHECK: %[[A:.*]] = attn.and
// CHECK: %[[DENSE:.*]] = attn.interval
// CHECK: arith.select
// CHECK: %[[M:.*]] = attn.or %[[A]], %[[DENSE]]
// CHECK: mask(%[[M]])
func.func @tri_shape(%q: !t, %k: !t, %v: !t, %window: index, %sinks: index, %last: index) -> !t {
  %m = attn.named @tri_shape(%window, %sinks, %last : index, index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
