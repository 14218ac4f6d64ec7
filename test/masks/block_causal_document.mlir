// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/block_causal_document.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @block_causal_document
// LINK: attn.interval

// One interval, to the end of the block or of the document; the size is made positive once, by the mask itself.
// CHECK-LABEL: func.func @block_causal_document
// CHECK-SAME: %[[CU:[^:]*]]: tensor<?xi32>, %[[BLOCK:[^:]*]]: index)
// CHECK: %[[SIZE:.*]] = arith.minsi %[[BLOCK]], %{{.*}} : index
// CHECK: %[[M:.*]] = attn.interval
// CHECK: %[[C:.*]] = arith.maxsi %[[SIZE]], %{{.*}} : index
// CHECK-NOT: arith.maxsi
// CHECK: arith.floordivsi %{{.*}}, %[[C]] : index
// CHECK: %[[REACH:.*]] = arith.muli %{{.*}}, %[[C]] : index
// CHECK: %[[D:.*]] = attn.segment %[[CU]]
// CHECK: %[[LO:.*]] = attn.lookup %[[CU]][%[[D]]] monotone
// CHECK: %[[HI:.*]] = arith.minsi %{{.*}}, %[[REACH]] : index
// CHECK: attn.yield %[[LO]], %[[HI]]
// CHECK: mask(%[[M]])
func.func @block_causal_document(%q: !t, %k: !t, %v: !t, %cu: tensor<?xi32>, %block: index) -> !t {
  %m = attn.named @block_causal_document(%cu, %block : tensor<?xi32>, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
