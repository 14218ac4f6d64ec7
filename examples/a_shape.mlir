// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A-shape: a causal window and the first few tokens ("attention sinks"), from the mask library (masks/a_shape.mlir).
//   A(b, h, q, k) = k <= p  and  (k > p - window  or  k < sinks),  p = q + Sk - Sq
// Source: StreamingLLM (Xiao et al. 2023), section 3; "A-shape" in MInference 1.0 (Jiang et al. 2024), section 3.
// 8k: q=randn:1x8x8192x64xf32:1 k=randn:1x8x8192x64xf32:2 v=randn:1x8x8192x64xf32:3 window=1024 sinks=64
func.func @a_shape_attention(
    %q: tensor<?x8x?x64xf32> {attn.name = "q", attn.default = "randn:1x8x300x64xf32:1"},
    %k: tensor<?x8x?x64xf32> {attn.name = "k", attn.default = "randn:1x8x300x64xf32:2"},
    %v: tensor<?x8x?x64xf32> {attn.name = "v", attn.default = "randn:1x8x300x64xf32:3"},
    %window: index {attn.name = "window", attn.default = "64"},
    %sinks: index {attn.name = "sinks", attn.default = "4"}) -> tensor<?x8x?x64xf32> {
  %m = attn.named @a_shape(%window, %sinks : index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32> -> tensor<?x8x?x64xf32>
  return %o : tensor<?x8x?x64xf32>
}
