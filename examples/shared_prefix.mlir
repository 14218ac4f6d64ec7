// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Packed sequences that share a prefix (a system prompt): the prefix's keys are stored and read once, by the queries of all sequences together; each
// sequence attends causally to its own suffix; the two softmax states of every row are merged.
//   A(q, k) = k is in the prefix  |  q, k in the same sequence d & k - cu_k[d] <= q - cu_q[d] + len_k[d] - len_q[d]
// Source: Hydragen (Juravsky et al. 2024), section 3.
// 8k: q=randn:512x8x64xf32:1 kp=randn:8192x8x64xf32:2 vp=randn:8192x8x64xf32:3 ks=randn:1024x8x64xf32:4 vs=randn:1024x8x64xf32:5 cu_q=[0,128,256,512] cu_k=[0,256,512,1024]
!rows = tensor<?x8x64xf32>
!state = !attn.state<shd, ?x8x64>
func.func @shared_prefix(
    %q: !rows {attn.name = "q", attn.default = "randn:60x8x64xf32:1"},
    %kp: !rows {attn.name = "kp", attn.default = "randn:200x8x64xf32:2"}, %vp: !rows {attn.name = "vp", attn.default = "randn:200x8x64xf32:3"},
    %ks: !rows {attn.name = "ks", attn.default = "randn:90x8x64xf32:4"}, %vs: !rows {attn.name = "vs", attn.default = "randn:90x8x64xf32:5"},
    %cu_q: tensor<?xi32> {attn.name = "cu_q", attn.default = "[0, 10, 11, 60]"},
    %cu_k: tensor<?xi32> {attn.name = "cu_k", attn.default = "[0, 20, 31, 90]"}) -> !rows {
  %prefix = attn.attention_state %q, %kp, %vp layout(shd) : !rows, !rows, !rows -> !state
  %causal = attn.causal align(bottom_right)
  %m = attn.document %cu_q, %cu_k where %causal : tensor<?xi32>, tensor<?xi32>
  %suffix = attn.attention_state %q, %ks, %vs mask(%m) layout(shd) : !rows, !rows, !rows -> !state
  %both = attn.merge_states %prefix, %suffix : !state, !state -> !state
  %o = attn.finalize %both : !state -> !rows
  return %o : !rows
}
