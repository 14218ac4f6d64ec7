// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/prefix_document.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @prefix_document
// LINK: %[[L:.*]] = attn.interval
// LINK: attn.document %{{.*}}, %{{.*}} where %[[L]]

// The prefix is not a second term: a row ends at the later of prefix and diagonal, so one interval per document stays one.
// CHECK-LABEL: func.func @prefix_document
// CHECK-SAME: %[[LENGTH:[^:]*]]: index)
// CHECK: %[[DOC:.*]] = attn.interval
// CHECK: %[[LOCAL:.*]] = attn.interval
// CHECK: %[[END:.*]] = arith.maxsi %{{.*}}, %[[LENGTH]] : index
// CHECK: arith.minsi %[[END]], %{{.*}} : index
// CHECK: %[[HI:.*]] = arith.addi %{{.*}}, %[[START:.*]] : index
// CHECK-NEXT: attn.yield %{{.*}}, %[[HI]]
// CHECK-NOT: attn.or
// CHECK: %[[M:.*]] = attn.and %[[DOC]], %[[LOCAL]]
// CHECK: mask(%[[M]])
func.func @prefix_document(%q: !t, %k: !t, %v: !t, %cu_q: tensor<?xi32>, %cu_k: tensor<?xi32>, %length: index) -> !t {
  %m = attn.named @prefix_document(%cu_q, %cu_k, %length : tensor<?xi32>, tensor<?xi32>, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
