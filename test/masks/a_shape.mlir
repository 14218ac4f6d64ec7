// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/a_shape.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @a_shape
// LINK-SAME: %[[W:[^:]*]]: index, %[[N:[^:]*]]: index)
// LINK: %[[POSITIVE:.*]] = arith.maxsi %[[W]], %{{.*}} : index
// LINK: %[[L:.*]] = arith.subi %[[POSITIVE]], %{{.*}} : index
// LINK: %[[C:.*]] = attn.causal align(bottom_right)
// LINK: %[[LOCAL:.*]] = attn.sliding_window [%[[L]], 0] align(bottom_right)
// LINK: %[[FIRST:.*]] = attn.sink_tokens [%[[N]]]
// LINK: %[[OR:.*]] = attn.or %[[LOCAL]], %[[FIRST]]
// LINK: attn.and %[[C]], %[[OR]]

// CHECK-LABEL: func.func @a_shape
// CHECK: %[[C:.*]] = attn.interval
// CHECK: %[[LOCAL:.*]] = attn.interval
// CHECK: %[[FIRST:.*]] = attn.interval
// CHECK: %[[OR:.*]] = attn.or %[[LOCAL]], %[[FIRST]]
// CHECK: %[[M:.*]] = attn.and %[[C]], %[[OR]]
// CHECK: mask(%[[M]])
func.func @a_shape(%q: !t, %k: !t, %v: !t, %window: index, %sinks: index) -> !t {
  %m = attn.named @a_shape(%window, %sinks : index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
