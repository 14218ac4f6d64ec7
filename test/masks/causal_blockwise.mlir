// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/causal_blockwise.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @causal_blockwise
// LINK: attn.interval

// One interval: from the segment's start, or from 0 in the segment that reaches the last key.
// CHECK-LABEL: func.func @causal_blockwise
// CHECK-SAME: %[[CU:[^:]*]]: tensor<?xi32>)
// CHECK: %[[M:.*]] = attn.interval
// CHECK: %[[SK:.*]] = attn.key_length
// CHECK: %[[D:.*]] = attn.segment %[[CU]]
// CHECK: %[[START:.*]] = attn.lookup %[[CU]][%[[D]]] monotone
// CHECK: %[[END:.*]] = attn.lookup %[[CU]]
// CHECK: %[[LAST:.*]] = arith.cmpi sge, %[[END]], %[[SK]]
// CHECK: %[[LO:.*]] = arith.select %[[LAST]], %{{.*}}, %[[START]]
// CHECK: attn.yield %[[LO]], %{{.*}}
// CHECK: mask(%[[M]])
func.func @causal_blockwise(%q: !t, %k: !t, %v: !t, %cu: tensor<?xi32>) -> !t {
  %m = attn.named @causal_blockwise(%cu : tensor<?xi32>)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
