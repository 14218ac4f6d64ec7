// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/kept_tokens.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @kept_tokens
// LINK: attn.interval
// LINK-NOT: attn.named

// A dropped query is an empty interval, so that its row is known to be empty.
// CHECK-LABEL: func.func @kept_tokens
// CHECK: %[[QUERIES:.*]] = attn.interval
// CHECK: attn.lookup
// CHECK: %[[KEYS:.*]] = attn.predicate
// CHECK: attn.lookup
// CHECK: %[[CAUSAL:.*]] = attn.predicate
// CHECK: %[[M:.*]] = attn.and %[[QUERIES]], %[[KEYS]], %[[CAUSAL]]
// CHECK: mask(%[[M]])
func.func @kept_tokens(%q: !t, %k: !t, %v: !t, %keep_q: tensor<?x?x?xi32>, %keep_k: tensor<?x?x?xi32>, %position_q: tensor<?x?x?xi32>, %position_k: tensor<?x?x?xi32>) -> !t {
  %m = attn.named @kept_tokens(%keep_q, %keep_k, %position_q, %position_k : tensor<?x?x?xi32>, tensor<?x?x?xi32>, tensor<?x?x?xi32>, tensor<?x?x?xi32>)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
