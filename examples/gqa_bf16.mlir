// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A causal window in a model's usual shapes: bf16, head size 128, 32 query heads that share 8 key/value heads (GQA), with the log-sum-exp of each row.
//   A(b, h, q, k) = p - window <= k <= p,  p = q + Sk - Sq;  query head h reads key/value head h // 4
// Source: GQA (Ainslie et al. 2023), section 2.2; Mistral 7B (Jiang et al. 2023), section 2.
// 8k: q=randn:1x32x8192x128xbf16:1 k=randn:1x8x8192x128xbf16:2 v=randn:1x8x8192x128xbf16:3 window=1023
func.func @window_gqa(
    %q: tensor<?x32x?x128xbf16> {attn.name = "q", attn.default = "randn:1x32x128x128xbf16:1"},
    %k: tensor<?x8x?x128xbf16> {attn.name = "k", attn.default = "randn:1x8x128x128xbf16:2"},
    %v: tensor<?x8x?x128xbf16> {attn.name = "v", attn.default = "randn:1x8x128x128xbf16:3"},
    %w: index {attn.name = "window", attn.default = "40"}) -> (tensor<?x32x?x128xbf16>, tensor<?x32x?xf32>) {
  %c = attn.causal align(bottom_right)
  %s = attn.sliding_window [%w, 0] align(bottom_right)
  %m = attn.and %c, %s
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x32x?x128xbf16>, tensor<?x8x?x128xbf16>, tensor<?x8x?x128xbf16> -> tensor<?x32x?x128xbf16>, tensor<?x32x?xf32>
  return %o, %lse : tensor<?x32x?x128xbf16>, tensor<?x32x?xf32>
}
