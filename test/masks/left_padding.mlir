// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/left_padding.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @left_padding
// LINK: attn.interval

// CHECK-LABEL: func.func @left_padding
// CHECK-SAME: %[[STARTS:[^:]*]]: tensor<?xi32>)
// CHECK: %[[M:.*]] = attn.interval
// CHECK: ^bb0(%[[B:.*]]: index, %{{.*}}: index, %{{.*}}: index):
// CHECK: %[[LO:.*]] = attn.lookup %[[STARTS]][%[[B]]]
// CHECK: attn.yield %[[LO]], %{{.*}}
// CHECK: mask(%[[M]])
func.func @left_padding(%q: !t, %k: !t, %v: !t, %starts: tensor<?xi32>) -> !t {
  %m = attn.named @left_padding(%starts : tensor<?xi32>)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
