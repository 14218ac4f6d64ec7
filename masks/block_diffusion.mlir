// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// block_diffusion(text, cu, causal): training of block diffusion. The sequence is a noisy copy of `text` tokens, then
// the clean one; block d of a copy is [cu[d], cu[d + 1]) in its own positions. On raw indices.
//   A = blk(q) = blk(k)   if q and k are noisy (a token is noisy if its index is below `text`, else clean)
//       blk(q) > blk(k)   if q is noisy and k clean
//       false             if q is clean and k noisy
//       blk(q) >= blk(k)  if both are clean; where `causal` is not 0, k <= q
// Tokens in no block attend nothing and are attended by nothing. text below 0 counts as 0, beyond 2^31 as 2^31. Blocks
// may differ in size; positions from `text` on are in no block, whatever the table says.
// Source: BD3-LM (Arriola et al. 2025); Fast-dLLM v2 (Wu et al. 2025); block sizes from a table as in
// AdaBlock (Lu et al. 2025).
// Use: when a model learns to denoise a block given the clean blocks before it, all blocks in one pass.
// Example: text=48 cu=[0,8,16,24,32,40,48] causal=0
func.func @block_diffusion(%text: index, %cu: tensor<?xi32>, %causal: index) -> !attn.mask {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %limit = arith.constant 2147483648 : index
  %n0 = arith.minsi %text, %limit : index
  %n = arith.maxsi %n0, %zero : index
  %to_noisy = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %noisy = arith.cmpi slt, %q, %n : index
    %d = attn.segment %cu[%q] : tensor<?xi32>
    %e = arith.addi %d, %one : index
    %lo = attn.lookup %cu[%d] monotone : tensor<?xi32> -> index
    %end = attn.lookup %cu[%e] monotone : tensor<?xi32> -> index
    %cut = arith.minsi %end, %n : index
    %hi = arith.select %noisy, %cut, %zero : index
    attn.yield %lo, %hi : index, index
  }
  %to_clean = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %noisy = arith.cmpi slt, %q, %n : index
    %moved = arith.subi %q, %n : index
    %position = arith.select %noisy, %q, %moved : index
    %d = attn.segment %cu[%position] : tensor<?xi32>
    %e = arith.addi %d, %one : index
    %begin = attn.lookup %cu[%zero] monotone : tensor<?xi32> -> index
    %start = attn.lookup %cu[%d] monotone : tensor<?xi32> -> index
    %end = attn.lookup %cu[%e] monotone : tensor<?xi32> -> index
    %token = arith.cmpi ne, %causal, %zero : index
    %next = arith.addi %position, %one : index
    %own = arith.select %token, %next, %end : index
    %reach = arith.select %noisy, %start, %own : index
    %kept = arith.minsi %reach, %n : index
    %first = arith.maxsi %begin, %zero : index
    %lo = arith.addi %n, %first : index
    %after = arith.addi %n, %kept : index
    %inside = arith.cmpi slt, %position, %n : index
    %hi = arith.select %inside, %after, %zero : index
    attn.yield %lo, %hi : index, index
  }
  %m = attn.or %to_noisy, %to_clean
  return %m : !attn.mask
}
