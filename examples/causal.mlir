// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Causal attention with fewer queries than keys (a chunk of a prompt after a cache): bottom-right alignment puts the last query on the last key.
//   A(b, h, q, k) = k <= q + Sk - Sq
// Source: FlashAttention-2 (Dao 2023), section 3.1, and its convention for Sq != Sk.
// 8k: q=randn:1x8x8192x64xf32:1 k=randn:1x8x8192x64xf32:2 v=randn:1x8x8192x64xf32:3
func.func @causal(
    %q: tensor<?x8x?x64xf32> {attn.name = "q", attn.default = "randn:1x8x150x64xf32:1"},
    %k: tensor<?x8x?x64xf32> {attn.name = "k", attn.default = "randn:1x8x250x64xf32:2"},
    %v: tensor<?x8x?x64xf32> {attn.name = "v", attn.default = "randn:1x8x250x64xf32:3"}) -> (tensor<?x8x?x64xf32>, tensor<?x8x?xf32>) {
  %m = attn.causal align(bottom_right)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32> -> tensor<?x8x?x64xf32>, tensor<?x8x?xf32>
  return %o, %lse : tensor<?x8x?x64xf32>, tensor<?x8x?xf32>
}
