// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/hash_buckets.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @hash_buckets
// LINK: attn.equal
// LINK-NOT: attn.named

// CHECK-LABEL: func.func @hash_buckets
// CHECK: %[[SAME:.*]] = attn.equal
// CHECK: %[[CAUSAL:.*]] = attn.predicate
// CHECK: arith.cmpi sle
// CHECK: %[[M:.*]] = attn.and %[[SAME]], %[[CAUSAL]]
// CHECK: mask(%[[M]])
func.func @hash_buckets(%q: !t, %k: !t, %v: !t, %hash_q: tensor<?x?x?xi32>, %hash_k: tensor<?x?x?xi32>, %position_q: tensor<?x?x?xi32>, %position_k: tensor<?x?x?xi32>) -> !t {
  %m = attn.named @hash_buckets(%hash_q, %hash_k, %position_q, %position_k : tensor<?x?x?xi32>, tensor<?x?x?xi32>, tensor<?x?x?xi32>, tensor<?x?x?xi32>)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
