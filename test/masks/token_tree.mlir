// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/token_tree.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @token_tree
// LINK-SAME: %[[P:[^:]*]]: index, %[[WORDS:[^:]*]]: tensor<?x?x?xi32>)
// LINK: attn.sink_tokens [%[[P]]]
// LINK: attn.lookup %[[WORDS]]

// CHECK-LABEL: func.func @token_tree
// CHECK: %[[PREFIX:.*]] = attn.interval
// CHECK: %[[ANCESTORS:.*]] = attn.predicate
// CHECK: ^bb0(%[[B:.*]]: index, %{{.*}}: index, %[[Q:.*]]: index, %{{.*}}: index):
// CHECK: attn.lookup %{{.*}}[%[[B]], %[[Q]], %{{.*}}]
// CHECK: arith.shrsi
// CHECK: %[[M:.*]] = attn.or %[[PREFIX]], %[[ANCESTORS]]
// CHECK: mask(%[[M]])
func.func @token_tree(%q: !t, %k: !t, %v: !t, %prefix: index, %words: tensor<?x?x?xi32>) -> !t {
  %m = attn.named @token_tree(%prefix, %words : index, tensor<?x?x?xi32>)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
