// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// multi_diagonal(period): diagonals at all multiples of `period`, on raw indices: the same place in every frame.
//   A = (q - k) % period = 0
// A period below 1 counts as 1 and attends everything.
// Source: Sparse-vDiT (2025), the "multi-diagonal" mode of a head; the period is the number of tokens per frame.
// Use: when a head of a video model compares a place with itself in all frames. In spatial-major token order it is one
// band per row.
// Example: period=32
func.func @multi_diagonal(%period: index) -> !attn.mask {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    %zero = arith.constant 0 : index
    %distance = arith.subi %q, %k : index
    %rest = arith.remsi %distance, %period : index
    %same = arith.cmpi eq, %rest, %zero : index
    attn.yield %same : i1
  }
  return %m : !attn.mask
}
