// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// causal_blockwise(cu): each segment is causal over itself, the last one over everything.
//   A = k <= p  and  (seg(k) = seg(p)  or  seg(p) = seg(Sk - 1)),  p = q + Sk - Sq;  segment d is [cu[d], cu[d + 1])
// A query in no segment attends nothing. Where the last key is in no segment, no segment is the last one.
// Source: "causal blockwise" in LongCA-bench; in-context learning with blocks of demonstrations, the test example last.
// Use: when blocks of context are encoded apart from each other and one final block reads them all.
// Example: cu=[0,32,64,96]
func.func @causal_blockwise(%cu: tensor<?xi32>) -> !attn.mask {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %q, %off : index
    %hi = arith.addi %p, %one : index
    %d = attn.segment %cu[%p] : tensor<?xi32>
    %e = arith.addi %d, %one : index
    %start = attn.lookup %cu[%d] monotone : tensor<?xi32> -> index
    %end = attn.lookup %cu[%e] monotone : tensor<?xi32> -> index
    %last = arith.cmpi sge, %end, %sk : index
    %lo = arith.select %last, %zero, %start : index
    attn.yield %lo, %hi : index, index
  }
  return %m : !attn.mask
}
