// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// strided(stride): causal; the last `stride` keys, and every stride-th one before.
//   A = k <= p  and  (p - k < stride  or  (p - k) % stride = 0),  p = q + Sk - Sq
// A stride below 1 counts as 1, one beyond 2^31 as 2^31.
// Source: Sparse Transformers (Child et al. 2019), section 4.3, "strided", both of its heads merged.
// Use: when the data has a period, such as the rows of an image or the bars of music.
// Example: stride=40
func.func @strided(%stride: index) -> !attn.mask {
  %one = arith.constant 1 : index
  %limit = arith.constant 2147483648 : index
  %period0 = arith.minsi %stride, %limit : index
  %period = arith.maxsi %period0, %one : index
  %left = arith.subi %period, %one : index
  %near = attn.sliding_window [%left, 0] align(bottom_right)
  %causal = attn.causal align(bottom_right)
  %column = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    %zero = arith.constant 0 : index
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %q, %off : index
    %distance = arith.subi %p, %k : index
    %rest = arith.remsi %distance, %period : index
    %hit = arith.cmpi eq, %rest, %zero : index
    attn.yield %hit : i1
  }
  %far = attn.and %causal, %column
  %m = attn.or %near, %far
  return %m : !attn.mask
}
