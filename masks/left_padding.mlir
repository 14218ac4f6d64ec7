// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// left_padding(starts): the first starts[b] keys of a batch entry are padding.
//   A = k >= starts[b]
// A start of 0 or less: no padding; one of Sk or more: nothing is attended; so does a batch entry beyond the table.
// Source: `leftpad_k` of FlashAttention-3.
// Use: when prompts of unequal length are padded on the left, so that all of them end at the same key; with `attn.and`
// on any other mask.
// Example: starts=[20]
func.func @left_padding(%starts: tensor<?xi32>) -> !attn.mask {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %lo = attn.lookup %starts[%b] : tensor<?xi32> -> index
    %hi = attn.key_length
    attn.yield %lo, %hi : index, index
  }
  return %m : !attn.mask
}
