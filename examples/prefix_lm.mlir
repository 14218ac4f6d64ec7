// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Prefix language model: all queries see the prefix (a prompt, an image), the rest is causal. Layout bshd, as projections write it.
//   A(b, h, q, k) = k <= q + Sk - Sq  or  k < length
// Source: T5 (Raffel et al. 2020), section 3.2.1, "causal with prefix"; masks/prefix.mlir.
// 8k: q=randn:1x8192x8x64xf32:1 k=randn:1x8192x8x64xf32:2 v=randn:1x8192x8x64xf32:3 length=2000
func.func @prefix_lm(
    %q: tensor<?x?x8x64xf32> {attn.name = "q", attn.default = "randn:2x160x8x64xf32:1"},
    %k: tensor<?x?x8x64xf32> {attn.name = "k", attn.default = "randn:2x160x8x64xf32:2"},
    %v: tensor<?x?x8x64xf32> {attn.name = "v", attn.default = "randn:2x160x8x64xf32:3"},
    %length: index {attn.name = "length", attn.default = "50"}) -> tensor<?x?x8x64xf32> {
  %m = attn.named @prefix(%length : index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bshd)
    : tensor<?x?x8x64xf32>, tensor<?x?x8x64xf32>, tensor<?x?x8x64xf32> -> tensor<?x?x8x64xf32>
  return %o : tensor<?x?x8x64xf32>
}
