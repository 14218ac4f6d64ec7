// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// block_cover(left): `attn.block_cover`: all pairs of the blocks in which some pair of a mask attends; here of a causal
// window, in blocks of 8 x 8.
//   A = some pair (q', k') of the block of (q, k) has p' - left <= k' <= p'
// attn.block_interior is the other rounding: blocks in which every pair attends.
// Source: block-sparse kernels, which drop whole blocks only; S2-Attention (Lin et al. 2024).
// Use: when what a block-sparse kernel computes is to be written down, or tiles shall be full or empty.
// Example: left=20
func.func @block_cover(%left: index) -> !attn.mask {
  %window = attn.sliding_window [%left, 0] align(bottom_right)
  %m = attn.block_cover %window [8, 8]
  return %m : !attn.mask
}
