// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// criss_cross(width): a token of a feature map attends its row and its column. On raw indices.
//   A = q // width = k // width  or  q % width = k % width
// A width below 1 counts as 1, one beyond 2^31 as 2^31: a single row, which is full.
// Source: CCNet (Huang et al. 2019), section 3.2.
// Use: when a feature map is too large for full attention, and two such layers may pass everything on.
// Example: width=24
func.func @criss_cross(%width: index) -> !attn.mask {
  %one = arith.constant 1 : index
  %limit = arith.constant 2147483648 : index
  %wide0 = arith.minsi %width, %limit : index
  %wide = arith.maxsi %wide0, %one : index
  %row = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %y = arith.divsi %q, %wide : index
    %lo = arith.muli %y, %wide : index
    %hi = arith.addi %lo, %wide : index
    attn.yield %lo, %hi : index, index
  }
  %column = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    %zero = arith.constant 0 : index
    %distance = arith.subi %q, %k : index
    %rest = arith.remsi %distance, %wide : index
    %same = arith.cmpi eq, %rest, %zero : index
    attn.yield %same : i1
  }
  %m = attn.or %row, %column
  return %m : !attn.mask
}
