// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// s2_stripes(block, local, stride, group, step, offset): causal; the last `local` blocks, and every stride-th block
// column, shifted from head to head.
//   A = k <= p  and  (p // block - k // block < local  or  (k // block + (h // group) * step + offset) % stride = 0)
//       p = q + Sk - Sq
// `group` query heads share a key head and its stripes. block, stride and group below 1 count as 1; a stride of 1 is
// causal; local of 0 or less: stripes alone. Blocks, local, steps and offsets beyond 2^31 count as 2^31, steps and
// offsets below -2^31 as -2^31.
// Source: S2-Attention (Lin et al. 2024), "heterogeneous context sharding"; there step = max(1, stride // heads).
// Use: when every head may drop most of the far context, as long as all heads together still cover it.
// Example: block=8 local=2 stride=4 group=1 step=1 offset=1
func.func @s2_stripes(%block: index, %local: index, %stride: index, %group: index, %step: index,
                      %offset: index) -> !attn.mask {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %limit = arith.constant 2147483648 : index
  %size0 = arith.minsi %block, %limit : index
  %size = arith.maxsi %size0, %one : index
  %count0 = arith.minsi %local, %limit : index
  %count = arith.maxsi %count0, %zero : index
  %least = arith.constant -2147483648 : index
  %step0 = arith.minsi %step, %limit : index
  %jump = arith.maxsi %step0, %least : index
  %offset0 = arith.minsi %offset, %limit : index
  %base = arith.maxsi %offset0, %least : index
  %near = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %q, %off : index
    %hi = arith.addi %p, %one : index
    %own = arith.floordivsi %p, %size : index
    %far = arith.subi %own, %count : index
    %first = arith.addi %far, %one : index
    %lo = arith.muli %first, %size : index
    attn.yield %lo, %hi : index, index
  }
  %causal = attn.causal align(bottom_right)
  %stripes = attn.equal query {
  ^bb0(%b: index, %h: index, %q: index):
    attn.yield %zero : index
  } key {
  ^bb0(%b: index, %h: index, %k: index):
    %shard = arith.floordivsi %h, %group : index
    %shift = arith.muli %shard, %jump : index
    %start = arith.addi %shift, %base : index
    %column = arith.divsi %k, %size : index
    %number = arith.addi %column, %start : index
    %phase = arith.remsi %number, %stride : index
    attn.yield %phase : index
  }
  %far_blocks = attn.and %causal, %stripes
  %m = attn.or %near, %far_blocks
  return %m : !attn.mask
}
