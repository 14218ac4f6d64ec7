// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Hash-sparse attention from bucket ids, causal. Buckets may be in any order; with queries and keys gathered in bucket order
// (attn.gather_rows, as in keep_tokens.mlir) equal buckets lie together and whole tiles fall away.
//   A(b, h, q, k) = bucket[b, h, q] = bucket[b, h, k]  and  k <= q
// Source: SCFA (Pagliardini et al. 2023), section 3.2, the form that includes the query's own position.
// 8k: q=randn:1x8x8192x64xf32:1 k=randn:1x8x8192x64xf32:2 v=randn:1x8x8192x64xf32:3 buckets=randint:1x8x8192xi32:16
!t = tensor<1x8x?x64xf32>
func.func @hashed(
    %q: !t {attn.name = "q", attn.default = "randn:1x8x300x64xf32:1"},
    %k: !t {attn.name = "k", attn.default = "randn:1x8x300x64xf32:2"},
    %v: !t {attn.name = "v", attn.default = "randn:1x8x300x64xf32:3"},
    %buckets: tensor<1x8x?xi32> {attn.name = "buckets", attn.default = "randint:1x8x300xi32:16"}) -> !t {
  %same = attn.hashed %buckets, %buckets : tensor<1x8x?xi32>, tensor<1x8x?xi32>
  %causal = attn.causal align(bottom_right)
  %m = attn.and %same, %causal
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
