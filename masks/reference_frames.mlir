// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// reference_frames(tokens, references): video frames of `tokens` tokens. A frame sees itself; reference frames see and
// are seen by all. On raw indices.
//   A = f(q) = f(k)  or  references[f(q)] != 0  or  references[f(k)] != 0,  f(x) = x // tokens
// A frame beyond the table is none of the references. tokens below 1 counts as 1, beyond 2^31 as 2^31.
// Source: Efficient-vDiT (Ding et al. 2025), the "attention tile": density (F^2 - n^2 + n) / F^2 for F frames, n of
// which are no references.
// Use: when a video model looks inside each frame, and at a few evenly spread frames from everywhere.
// Example: tokens=12 references=[0,0,1,0,0,1,0,0]
func.func @reference_frames(%tokens: index, %references: tensor<?xi32>) -> !attn.mask {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %limit = arith.constant 2147483648 : index
  %size0 = arith.minsi %tokens, %limit : index
  %size = arith.maxsi %size0, %one : index
  %own = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %frame = arith.divsi %q, %size : index
    %lo = arith.muli %frame, %size : index
    %hi = arith.addi %lo, %size : index
    attn.yield %lo, %hi : index, index
  }
  %from_reference = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %sk = attn.key_length
    %frame = arith.divsi %q, %size : index
    %flag = attn.lookup %references[%frame] : tensor<?xi32> -> index
    %set = arith.cmpi ne, %flag, %zero : index
    %hi = arith.select %set, %sk, %zero : index
    attn.yield %zero, %hi : index, index
  }
  %to_reference = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    %frame = arith.divsi %k, %size : index
    %flag = attn.lookup %references[%frame] : tensor<?xi32> -> index
    %set = arith.cmpi ne, %flag, %zero : index
    attn.yield %set : i1
  }
  %m = attn.or %own, %from_reference, %to_reference
  return %m : !attn.mask
}
