// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// streaming_blocks(block, sinks, local): A-shape in whole blocks: the first `sinks` blocks and the last `local` ones,
// causal.
//   A = k <= p  and  (k // block < sinks  or  p // block - k // block < local),  p = q + Sk - Sq
// A block below 1 counts as 1; sinks or local of 0 or less: none. Values beyond 2^31 count as 2^31.
// Source: streaming heads of Block-Sparse-Attention (Guo et al. 2024) and LServe (Yang et al. 2025), in their form by
// blocks.
// Use: when a streaming head keeps its keys in pages, or tiles should be full or empty rather than partial.
// Example: block=8 sinks=1 local=2
func.func @streaming_blocks(%block: index, %sinks: index, %local: index) -> !attn.mask {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %limit = arith.constant 2147483648 : index
  %size0 = arith.minsi %block, %limit : index
  %size = arith.maxsi %size0, %one : index
  %first0 = arith.minsi %sinks, %limit : index
  %first = arith.maxsi %first0, %zero : index
  %count0 = arith.minsi %local, %limit : index
  %count = arith.maxsi %count0, %zero : index
  %keys = arith.muli %first, %size : index
  %start = attn.sink_tokens [%keys]
  %causal = attn.causal align(bottom_right)
  %sink = attn.and %causal, %start
  %near = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %q, %off : index
    %hi = arith.addi %p, %one : index
    %own = arith.floordivsi %p, %size : index
    %far = arith.subi %own, %count : index
    %next = arith.addi %far, %one : index
    %lo = arith.muli %next, %size : index
    attn.yield %lo, %hi : index, index
  }
  %m = attn.or %sink, %near
  return %m : !attn.mask
}
