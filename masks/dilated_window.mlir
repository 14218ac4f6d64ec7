// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// dilated_window(window, dilation): 1-D neighborhood attention. Tokens of one residue form a group; each attends
// `window` neighbours of its group, and at the ends of the sequence the window is shifted, not cut. On raw indices.
//   A = q % d = k % d  and  a <= k // d < a + window,  d = dilation
//       a = max(min(q // d - window // 2, L - window), 0),  L = ceil((Sk - q % d) / d)
// A dilation below 1 counts as 1; a window above L is the whole group, one of 0 or less attends nothing. Values beyond
// 2^31 count as 2^31.
// Source: dilated neighborhood attention (Hassani and Shi 2022); NATTEN, non-causal, stride 1.
// Use: when an encoder over a sequence needs a constant number of neighbours per token, close by or spread out.
// Example: window=5 dilation=3
func.func @dilated_window(%window: index, %dilation: index) -> !attn.mask {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %two = arith.constant 2 : index
  %limit = arith.constant 2147483648 : index
  %w0 = arith.minsi %window, %limit : index
  %w = arith.maxsi %w0, %zero : index
  %d0 = arith.minsi %dilation, %limit : index
  %d = arith.maxsi %d0, %one : index
  %left = arith.divsi %w, %two : index
  %steps = arith.subi %w, %one : index
  %reach = arith.muli %steps, %d : index
  %near = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %sk = attn.key_length
    %residue = arith.remsi %q, %d : index
    %inner = arith.divsi %q, %d : index
    %rest = arith.subi %sk, %residue : index
    %length = arith.ceildivsi %rest, %d : index
    %centred = arith.subi %inner, %left : index
    %latest = arith.subi %length, %w : index
    %shifted = arith.minsi %centred, %latest : index
    %first = arith.maxsi %shifted, %zero : index
    %scaled = arith.muli %first, %d : index
    %lo = arith.addi %scaled, %residue : index
    %last = arith.addi %lo, %reach : index
    %hi = arith.addi %last, %one : index
    attn.yield %lo, %hi : index, index
  }
  %group = attn.equal query {
  ^bb0(%b: index, %h: index, %q: index):
    %residue = arith.remsi %q, %d : index
    attn.yield %residue : index
  } key {
  ^bb0(%b: index, %h: index, %k: index):
    %residue = arith.remsi %k, %d : index
    attn.yield %residue : index
  }
  %m = attn.and %near, %group
  return %m : !attn.mask
}
