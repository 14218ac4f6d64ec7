// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// prefix_document(cu_q, cu_k, length): prefix-LM inside every packed document.
//   A = doc(q) = doc(k) = d  and  (k' <= q' + (keys of d) - (queries of d)  or  k' < length)
//       q' = q - cu_q[d], k' = k - cu_k[d]
// A length of 0 or less is causal; a document shorter than `length` is attended as a whole.
// Source: "prefix-LM document" in LongCA-bench; the prefix is T5's (Raffel et al. 2020), section 3.2.1.
// Use: when packed documents each begin with a prompt of fixed length that is read in both directions.
// Example: cu_q=[0,13,29,50,72,96] cu_k=[0,13,29,50,72,96] length=5
func.func @prefix_document(%cu_q: tensor<?xi32>, %cu_k: tensor<?xi32>, %length: index) -> !attn.mask {
  %local = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %q, %off : index
    %next = arith.addi %p, %one : index
    %reach = arith.maxsi %next, %length : index
    %hi = arith.minsi %reach, %sk : index
    attn.yield %zero, %hi : index, index
  }
  %m = attn.document %cu_q, %cu_k where %local : tensor<?xi32>, tensor<?xi32>
  return %m : !attn.mask
}
