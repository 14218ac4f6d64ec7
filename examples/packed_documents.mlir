// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Several documents packed into one sequence; inside each of them a causal window plus sinks, in the document's own coordinates.
//   A(b, h, q, k) = doc(q) = doc(k) = d  and  inner(q - cu[d], k - cu[d]);  inner = causal and (window or sinks)
// Source: FlashAttention's variable-length interface (cu_seqlens); packing without cross-contamination: Krell et al. 2021, section 3.
// 8k: q=randn:8192x8x64xf32:1 k=randn:8192x8x64xf32:2 v=randn:8192x8x64xf32:3 cu=[0,1000,3048,3049,6000,8192] left=511
func.func @packed_documents(
    %q: tensor<?x8x64xf32> {attn.name = "q", attn.default = "randn:256x8x64xf32:1"},
    %k: tensor<?x8x64xf32> {attn.name = "k", attn.default = "randn:256x8x64xf32:2"},
    %v: tensor<?x8x64xf32> {attn.name = "v", attn.default = "randn:256x8x64xf32:3"},
    %cu: tensor<?xi32> {attn.name = "cu", attn.default = "[0,100,101,256]"},
    %left: index {attn.name = "left", attn.default = "31"}) -> tensor<?x8x64xf32> {
  %causal = attn.causal align(bottom_right)
  %window = attn.sliding_window [%left, 0] align(bottom_right)
  %sinks = attn.sink_tokens [4]
  %near = attn.or %window, %sinks
  %local = attn.and %causal, %near
  %m = attn.document %cu, %cu where %local : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(shd)
    : tensor<?x8x64xf32>, tensor<?x8x64xf32>, tensor<?x8x64xf32> -> tensor<?x8x64xf32>
  return %o : tensor<?x8x64xf32>
}
