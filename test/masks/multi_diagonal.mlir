// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/multi_diagonal.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @multi_diagonal
// LINK: attn.predicate

// A function of q - k, so that the analysis sees one range; the period is made positive.
// CHECK-LABEL: func.func @multi_diagonal
// CHECK-SAME: %[[P:[^:]*]]: index)
// CHECK: %[[M:.*]] = attn.predicate
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index, %[[K:.*]]: index):
// CHECK: %[[D:.*]] = arith.subi %[[Q]], %[[K]] : index
// CHECK: %[[C:.*]] = arith.maxsi %[[P]], %{{.*}} : index
// CHECK: arith.remsi %[[D]], %[[C]] : index
// CHECK: mask(%[[M]])
func.func @multi_diagonal(%q: !t, %k: !t, %v: !t, %period: index) -> !t {
  %m = attn.named @multi_diagonal(%period : index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
