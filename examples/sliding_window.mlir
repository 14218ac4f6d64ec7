// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Causal sliding window whose width is an argument: a new width or length needs no new compilation.
//   A(b, h, q, k) = p - left <= k <= p,  p = q + Sk - Sq       (a window of `left + 1` tokens)
// Source: Longformer (Beltagy et al. 2020), section 3.1; Mistral 7B (Jiang et al. 2023), section 2.
// 8k: q=randn:1x8x8192x64xf32:1 k=randn:1x8x8192x64xf32:2 v=randn:1x8x8192x64xf32:3 left=1023
func.func @sliding_window(
    %q: tensor<?x8x?x64xf32> {attn.name = "q", attn.default = "randn:1x8x256x64xf32:1"},
    %k: tensor<?x8x?x64xf32> {attn.name = "k", attn.default = "randn:1x8x256x64xf32:2"},
    %v: tensor<?x8x?x64xf32> {attn.name = "v", attn.default = "randn:1x8x256x64xf32:3"},
    %left: index {attn.name = "left", attn.default = "63"}) -> tensor<?x8x?x64xf32> {
  %m = attn.sliding_window [%left, 0] align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32> -> tensor<?x8x?x64xf32>
  return %o : tensor<?x8x?x64xf32>
}
