// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Chunked causal attention in f16: causal inside chunks, nothing across their borders. Values are wider than keys.
//   A(b, h, q, k) = k <= p  and  k >= chunk * (p // chunk),  p = q + Sk - Sq
// Source: "attention chunk" of FlashAttention-3 (hopper, forward); Llama 4's local layers; masks/chunked.mlir.
// 8k: q=randn:1x8x8192x64xf16:1 k=randn:1x8x8192x64xf16:2 v=randn:1x8x8192x96xf16:3 chunk=1024
func.func @chunked_attention(
    %q: tensor<?x8x?x64xf16> {attn.name = "q", attn.default = "randn:1x8x250x64xf16:1"},
    %k: tensor<?x8x?x64xf16> {attn.name = "k", attn.default = "randn:1x8x250x64xf16:2"},
    %v: tensor<?x8x?x96xf16> {attn.name = "v", attn.default = "randn:1x8x250x96xf16:3"},
    %chunk: index {attn.name = "chunk", attn.default = "64"}) -> tensor<?x8x?x96xf16> {
  %m = attn.named @chunked(%chunk : index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x8x?x64xf16>, tensor<?x8x?x64xf16>, tensor<?x8x?x96xf16> -> tensor<?x8x?x96xf16>
  return %o : tensor<?x8x?x96xf16>
}
