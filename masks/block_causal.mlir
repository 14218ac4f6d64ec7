// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// block_causal(cu): causal over blocks of any sizes, full inside a block.
//   A = blk(k) <= blk(p),  p = q + Sk - Sq;  block d is [cu[d], cu[d + 1])
// Positions in no block attend nothing and are attended by nothing.
// Source: inference of block diffusion: BD3-LM (Arriola et al. 2025); Fast-dLLM v2 (Wu et al. 2025); block sizes from a
// table as in AdaBlock (Lu et al. 2025).
// Use: when a model generates block after block, its cache holds the blocks before, and tokens of a block see each
// other.
// Example: cu=[0,8,24,30,60,96]
func.func @block_causal(%cu: tensor<?xi32>) -> !attn.mask {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %q, %off : index
    %d = attn.segment %cu[%p] : tensor<?xi32>
    %e = arith.addi %d, %one : index
    %lo = attn.lookup %cu[%zero] monotone : tensor<?xi32> -> index
    %hi = attn.lookup %cu[%e] monotone : tensor<?xi32> -> index
    attn.yield %lo, %hi : index, index
  }
  return %m : !attn.mask
}
