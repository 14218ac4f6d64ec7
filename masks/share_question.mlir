// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// share_question(cu): causal; every segment sees itself and segment 0, the shared question.
//   A = k <= p  and  (seg(k) = 0  or  seg(k) = seg(p)),  p = q + Sk - Sq;  segment d is [cu[d], cu[d + 1])
// A query in no segment sees only segment 0; a key in no segment is attended by nothing.
// Source: "share question" in LongCA-bench; reward models that score several answers to one question.
// Use: when several answers share one question and must not see each other.
// Example: cu=[0,32,64,96]
func.func @share_question(%cu: tensor<?xi32>) -> !attn.mask {
  %question = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %q, %off : index
    %next = arith.addi %p, %one : index
    %lo = attn.lookup %cu[%zero] monotone : tensor<?xi32> -> index
    %end = attn.lookup %cu[%one] monotone : tensor<?xi32> -> index
    %hi = arith.minsi %end, %next : index
    attn.yield %lo, %hi : index, index
  }
  %own = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %one = arith.constant 1 : index
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %q, %off : index
    %hi = arith.addi %p, %one : index
    %d = attn.segment %cu[%p] : tensor<?xi32>
    %lo = attn.lookup %cu[%d] monotone : tensor<?xi32> -> index
    attn.yield %lo, %hi : index, index
  }
  %m = attn.or %question, %own
  return %m : !attn.mask
}
