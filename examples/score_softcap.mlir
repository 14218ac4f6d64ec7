// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scores changed before the softmax: a soft cap (x -> cap * tanh(x / cap)), and one learned sink logit per head that takes part in the sum but has no
// value. The mask is a causal window.
//   A(b, h, q, k) = p - left <= k <= p,  p = q + Sk - Sq
// Source: Gemma 2 (Gemma team 2024), section 2, "logit soft-capping"; sink logits: gpt-oss model card (OpenAI 2025), section 2.
// 8k: q=randn:1x8x8192x64xf32:1 k=randn:1x8x8192x64xf32:2 v=randn:1x8x8192x64xf32:3 sinks=randn:8xf32:4 left=1023
func.func @score_softcap(
    %q: tensor<?x8x?x64xf32> {attn.name = "q", attn.default = "randn:1x8x200x64xf32:1"},
    %k: tensor<?x8x?x64xf32> {attn.name = "k", attn.default = "randn:1x8x200x64xf32:2"},
    %v: tensor<?x8x?x64xf32> {attn.name = "v", attn.default = "randn:1x8x200x64xf32:3"},
    %sinks: tensor<8xf32> {attn.name = "sinks", attn.default = "randn:8xf32:4"},
    %left: index {attn.name = "left", attn.default = "63"}) -> tensor<?x8x?x64xf32> {
  %cap = arith.constant 50.0 : f32
  %m = attn.sliding_window [%left, 0] align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) sink_logits(%sinks : tensor<8xf32>) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    %scaled = arith.divf %x, %cap : f32
    %bent = math.tanh %scaled : f32
    %y = arith.mulf %bent, %cap : f32
    attn.yield %y : f32
  } : tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32> -> tensor<?x8x?x64xf32>
  return %o : tensor<?x8x?x64xf32>
}
