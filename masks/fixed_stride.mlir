// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// fixed_stride(stride, summary): causal; the own block of `stride` positions, and the last `summary` positions of every
// block.
//   A = k <= p  and  (p // stride = k // stride  or  k % stride >= stride - summary),  p = q + Sk - Sq
// A stride below 1 counts as 1, one beyond 2^31 as 2^31; a summary of 0 or less: the own block alone, one of `stride`
// or more: causal.
// Source: Sparse Transformers (Child et al. 2019), section 4.3, "fixed", both of its heads merged.
// Use: when text without a period is to be read in blocks that pass a summary on.
// Example: stride=16 summary=4
func.func @fixed_stride(%stride: index, %summary: index) -> !attn.mask {
  %one = arith.constant 1 : index
  %limit = arith.constant 2147483648 : index
  %size0 = arith.minsi %stride, %limit : index
  %size = arith.maxsi %size0, %one : index
  %own = attn.named @chunked(%size : index)
  %causal = attn.causal align(bottom_right)
  %last = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    %phase = arith.remsi %k, %size : index
    %left = arith.subi %size, %phase : index
    %hit = arith.cmpi sle, %left, %summary : index
    attn.yield %hit : i1
  }
  %far = attn.and %causal, %last
  %m = attn.or %own, %far
  return %m : !attn.mask
}
