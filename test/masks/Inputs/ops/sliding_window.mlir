// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// sliding_window(left, right): `attn.sliding_window`: keys at most `left` before and `right` after the query's position.
//   A = p - left <= k <= p + right,  p = q + Sk - Sq with align(bottom_right), p = q with align(top_left)
// Both ends count: a causal window of W tokens is [W - 1, 0].
// Source: Longformer (Beltagy et al. 2020), section 3.1; FlashAttention-2 (Dao 2023) for the alignment.
// Use: when only near tokens matter: local layers of language models (right = 0), encoders of long texts.
// Example: left=15 right=0
func.func @sliding_window(%left: index, %right: index) -> !attn.mask {
  %m = attn.sliding_window [%left, %right] align(bottom_right)
  return %m : !attn.mask
}
