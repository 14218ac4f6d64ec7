// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// complete_blocks(block, past): queries are tokens, keys are blocks of `block` tokens each, pooled: a token sees the
// blocks that are complete.
//   A = k < (q + past + 1) // block
// `past` is the number of tokens before the first query; a block below 1 counts as 1, a past beyond 2^62 as 2^62.
// Source: NSA (Yuan et al. 2025), section 3.3.1, token compression, in its published form: block c if c <= (t + 1) //
// block - 1.
// Use: when pooled keys stand for blocks of tokens and generation must stay causal. The first block - 1 queries see
// nothing: their output is 0.
// Example: size=96,12 tile=8x4 block=8 past=0
func.func @complete_blocks(%block: index, %past: index) -> !attn.mask {
  %limit = arith.constant 4611686018427387904 : index
  %before = arith.minsi %past, %limit : index
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %t = arith.addi %q, %before : index
    %seen = arith.addi %t, %one : index
    %hi = arith.floordivsi %seen, %block : index
    attn.yield %zero, %hi : index, index
  }
  return %m : !attn.mask
}
