// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// chunked(chunk): causal inside chunks of `chunk` positions.
//   A = k <= p  and  k >= chunk * (p // chunk),  p = q + Sk - Sq;  a chunk below 1 counts as 1
// Source: "attention chunk" of FlashAttention-3 (hopper, forward); Llama 4's local layers.
// Use: when layers with chunks of fixed size alternate with global ones: a chunk is a short causal problem of its own.
// Example: chunk=24
func.func @chunked(%chunk: index) -> !attn.mask {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %one = arith.constant 1 : index
    %size = arith.maxsi %chunk, %one : index
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %q, %off : index
    %number = arith.floordivsi %p, %size : index
    %lo = arith.muli %number, %size : index
    %hi = arith.addi %p, %one : index
    attn.yield %lo, %hi : index, index
  }
  return %m : !attn.mask
}
