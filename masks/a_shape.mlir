// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// a_shape(window, sinks): the last `window` keys and the first `sinks` keys, causal.
//   A = k <= p  and  (k > p - window  or  k < sinks),  p = q + Sk - Sq
// A window of 0 or less leaves the sinks alone, sinks of 0 or less leave the window alone.
// Source: StreamingLLM (Xiao et al. 2023), section 3; "A-shape" in MInference 1.0 (Jiang et al. 2024), section 3.
// Use: when a language model reads a stream, or a head is known to look only nearby: sinks keep the softmax stable.
// Example: window=16 sinks=4
func.func @a_shape(%window: index, %sinks: index) -> !attn.mask {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %size = arith.maxsi %window, %zero : index
  %left = arith.subi %size, %one : index
  %causal = attn.causal align(bottom_right)
  %local = attn.sliding_window [%left, 0] align(bottom_right)
  %first = attn.sink_tokens [%sinks]
  %near = attn.or %local, %first
  %m = attn.and %causal, %near
  return %m : !attn.mask
}
