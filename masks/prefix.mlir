// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// prefix(length): prefix-LM. Keys of the prefix are seen by all queries, the rest is causal.
//   A = k <= q + Sk - Sq  or  k < length
// A length of 0 or less is causal, one of Sk or more attends everything.
// Source: T5 (Raffel et al. 2020), section 3.2.1, "causal with prefix".
// Use: when a prompt of known length is read in both directions and the answer is generated causally.
// Example: length=20
func.func @prefix(%length: index) -> !attn.mask {
  %causal = attn.causal align(bottom_right)
  %first = attn.sink_tokens [%length]
  %m = attn.or %causal, %first
  return %m : !attn.mask
}
