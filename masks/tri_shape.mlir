// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tri_shape(window, sinks, last): A-shape, and the last `last` queries are dense causal.
//   A = k <= p  and  (k > p - window  or  k < sinks  or  q >= Sq - last),  p = q + Sk - Sq
// `last` of 0 or less is the A-shape, one of Sq or more is causal; window and sinks as in a_shape.
// Source: MInference 1.0 (Jiang et al. 2024), the "tri-shape" baseline.
// Use: when a long prompt is prefilled sparsely, but its last queries, which the answer depends on, read everything.
// Example: window=16 sinks=4 last=12
func.func @tri_shape(%window: index, %sinks: index, %last: index) -> !attn.mask {
  %a = attn.named @a_shape(%window, %sinks : index, index)
  %dense = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %sq = attn.query_length
    %sk = attn.key_length
    %remaining = arith.subi %sq, %q : index
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %q, %off : index
    %hi = arith.addi %p, %one : index
    %late = arith.cmpi sle, %remaining, %last : index
    %end = arith.select %late, %hi, %zero : index
    attn.yield %zero, %end : index, index
  }
  %m = attn.or %a, %dense
  return %m : !attn.mask
}
