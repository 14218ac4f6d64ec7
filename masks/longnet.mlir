// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// longnet(segment, dilation): inside segments of `segment` positions, every dilation-th one, beginning at another one
// in every head. On raw indices.
//   A = q // w = k // w  and  q % w % r = h % r  and  k % w % r = h % r,  w = segment, r = dilation
// Both below 1 count as 1, a segment beyond 2^31 as 2^31. A query that is not chosen attends nothing: its output is 0.
// Source: LongNet (Ding et al. 2023), dilated attention with an offset per head. It merges several settings; one causal
// one is this with `attn.and`.
// Use: when very long sequences are covered by a few settings with growing segment and dilation.
// Example: segment=48 dilation=3
func.func @longnet(%segment: index, %dilation: index) -> !attn.mask {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %limit = arith.constant 2147483648 : index
  %w0 = arith.minsi %segment, %limit : index
  %w = arith.maxsi %w0, %one : index
  %queries = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %number = arith.divsi %q, %w : index
    %lo = arith.muli %number, %w : index
    %inside = arith.subi %q, %lo : index
    %phase = arith.remsi %inside, %dilation : index
    %wanted = arith.remsi %h, %dilation : index
    %chosen = arith.cmpi eq, %phase, %wanted : index
    %end = arith.addi %lo, %w : index
    %hi = arith.select %chosen, %end, %zero : index
    attn.yield %lo, %hi : index, index
  }
  %keys = attn.equal query {
  ^bb0(%b: index, %h: index, %q: index):
    %wanted = arith.remsi %h, %dilation : index
    attn.yield %wanted : index
  } key {
  ^bb0(%b: index, %h: index, %k: index):
    %inside = arith.remsi %k, %w : index
    %phase = arith.remsi %inside, %dilation : index
    attn.yield %phase : index
  }
  %m = attn.and %queries, %keys
  return %m : !attn.mask
}
