// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// block_causal_document(cu, block): same document; causal over blocks of `block` positions, full inside a block.
//   A = doc(k) = doc(p)  and  k < block * (p // block + 1),  p = q + Sk - Sq;  document d is [cu[d], cu[d + 1])
// Blocks are counted from position 0, not from the document's start; a block below 1 counts as 1, one beyond 2^31 as
// 2^31. Positions outside of all documents attend nothing.
// Source: "block causal document" in LongCA-bench (video generation by chunks); inference of block diffusion models.
// Use: when packed sequences are generated block by block and the tokens of a block see each other.
// Example: cu=[0,16,48,72,96] block=8
func.func @block_causal_document(%cu: tensor<?xi32>, %block: index) -> !attn.mask {
  %limit = arith.constant 2147483648 : index
  %size = arith.minsi %block, %limit : index
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %one = arith.constant 1 : index
    %width = arith.maxsi %size, %one : index
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %q, %off : index
    %number = arith.floordivsi %p, %width : index
    %next = arith.addi %number, %one : index
    %reach = arith.muli %next, %width : index
    %d = attn.segment %cu[%p] : tensor<?xi32>
    %e = arith.addi %d, %one : index
    %lo = attn.lookup %cu[%d] monotone : tensor<?xi32> -> index
    %end = attn.lookup %cu[%e] monotone : tensor<?xi32> -> index
    %hi = arith.minsi %end, %reach : index
    attn.yield %lo, %hi : index, index
  }
  return %m : !attn.mask
}
