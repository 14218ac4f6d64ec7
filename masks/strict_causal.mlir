// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// strict_causal(): attend earlier keys only, never the query's own position.
//   A = k < q + off,  off = Sk - Sq
// Source: Reformer (Kitaev et al. 2020), section 2, which keeps a token from attending to itself.
// Use: when a token must not attend itself, such as with queries and keys shared as one tensor. The first row is empty:
// its output is 0.
func.func @strict_causal() -> !attn.mask {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %zero = arith.constant 0 : index
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %hi = arith.addi %q, %off : index
    attn.yield %zero, %hi : index, index
  }
  return %m : !attn.mask
}
