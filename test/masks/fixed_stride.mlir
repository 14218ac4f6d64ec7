// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/fixed_stride.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @fixed_stride
// LINK: attn.causal
// LINK-NOT: attn.named

// CHECK-LABEL: func.func @fixed_stride
// CHECK: %[[OWN:.*]] = attn.interval
// CHECK: %[[CAUSAL:.*]] = attn.interval
// CHECK: %[[LAST:.*]] = attn.predicate
// CHECK: arith.remsi
// CHECK: %[[FAR:.*]] = attn.and %[[CAUSAL]], %[[LAST]]
// CHECK: %[[M:.*]] = attn.or %[[OWN]], %[[FAR]]
// CHECK: mask(%[[M]])
func.func @fixed_stride(%q: !t, %k: !t, %v: !t, %stride: index, %summary: index) -> !t {
  %m = attn.named @fixed_stride(%stride, %summary : index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
