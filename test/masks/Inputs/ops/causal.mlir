// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// causal(): `attn.causal`: keys up to the query's own position.
//   A = k <= p,  p = q + Sk - Sq with align(bottom_right), p = q with align(top_left)
// Source: FlashAttention-2 (Dao 2023) for the alignment.
// Use: when tokens are generated one after another.
func.func @causal() -> !attn.mask {
  %m = attn.causal align(bottom_right)
  return %m : !attn.mask
}
