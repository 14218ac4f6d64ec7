// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/strict_causal.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @strict_causal
// LINK: attn.interval

// CHECK-LABEL: func.func @strict_causal
// CHECK: %[[M:.*]] = attn.interval
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[OFF:.*]] = arith.subi %{{.*}}, %{{.*}} : index
// CHECK: %[[HI:.*]] = arith.addi %[[Q]], %[[OFF]] : index
// CHECK: attn.yield %{{.*}}, %[[HI]]
// CHECK: mask(%[[M]])
func.func @strict_causal(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.named @strict_causal()
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
