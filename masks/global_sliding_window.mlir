// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// global_sliding_window(window, global): keys within `window` on both sides; the first `global` positions see and are
// seen by all.
//   A = |p - k| <= window  or  p < global  or  k < global,  p = q + Sk - Sq
// A negative window attends nothing by itself; `global` of 0 or less: no global position.
// Source: Longformer (Beltagy et al. 2020), section 3.1. LongCA-bench has two masks of this name: global = window and
// global = 2 * window; here it is given.
// Use: when an encoder reads a long text locally, and a few leading tokens (class token, question) collect and spread
// what is global.
// Example: window=8 global=16
func.func @global_sliding_window(%window: index, %global: index) -> !attn.mask {
  %near = attn.sliding_window [%window, %window] align(bottom_right)
  %to_global = attn.sink_tokens [%global]
  %from_global = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %zero = arith.constant 0 : index
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %q, %off : index
    %early = arith.cmpi slt, %p, %global : index
    %hi = arith.select %early, %sk, %zero : index
    attn.yield %zero, %hi : index, index
  }
  %m = attn.or %near, %to_global, %from_global
  return %m : !attn.mask
}
