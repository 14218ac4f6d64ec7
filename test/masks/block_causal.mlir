// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/block_causal.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @block_causal
// LINK: attn.interval
// LINK-NOT: attn.named

// One interval: from the first block to the end of the query's own.
// CHECK-LABEL: func.func @block_causal
// CHECK-SAME: %[[CU:[^:]*]]: tensor<?xi32>)
// CHECK: %[[M:.*]] = attn.interval
// CHECK: %[[D:.*]] = attn.segment %[[CU]]
// CHECK: %[[E:.*]] = arith.addi %[[D]], %{{.*}}
// CHECK: %[[LO:.*]] = attn.lookup %[[CU]]
// CHECK: %[[HI:.*]] = attn.lookup %[[CU]][%[[E]]]
// CHECK: attn.yield %[[LO]], %[[HI]]
// CHECK: mask(%[[M]])
func.func @block_causal(%q: !t, %k: !t, %v: !t, %cu: tensor<?xi32>) -> !t {
  %m = attn.named @block_causal(%cu : tensor<?xi32>)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
