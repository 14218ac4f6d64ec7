// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/complete_blocks.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @complete_blocks
// LINK: attn.interval

// CHECK-LABEL: func.func @complete_blocks
// CHECK-SAME: %[[BLOCK:[^:]*]]: index, %[[PAST:[^:]*]]: index)
// CHECK: %[[BEFORE:.*]] = arith.minsi %[[PAST]], %{{.*}} : index
// CHECK: %[[M:.*]] = attn.interval
// CHECK: arith.addi %{{.*}}, %[[BEFORE]] : index
// CHECK: %[[C:.*]] = arith.maxsi %[[BLOCK]], %{{.*}} : index
// CHECK: %[[HI:.*]] = arith.floordivsi %{{.*}}, %[[C]] : index
// CHECK: attn.yield %{{.*}}, %[[HI]]
// CHECK: mask(%[[M]])
func.func @complete_blocks(%q: !t, %k: !t, %v: !t, %block: index, %past: index) -> !t {
  %m = attn.named @complete_blocks(%block, %past : index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
