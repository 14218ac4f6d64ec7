// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// kept_tokens(keep_q, keep_k, position_q, position_k): causal among the tokens that are kept; tokens may be stored in
// any order.
//   A = keep_q[b, h, q] != 0  and  keep_k[b, h, k] != 0  and  position_k[b, h, k] <= position_q[b, h, q]
// All tables are [B, H, S]. A query or key beyond its tables attends nothing. A dropped query attends nothing: its
// output is 0.
// Source: SCFA (Pagliardini et al. 2023), "QK-sparse": queries and keys are dropped per head; RAS and
// dKV-Cache drop queries alone.
// Use: when heads drop tokens at run time. Stored with the kept tokens first, the rest is never visited.
// Example: size=8,8 tile=2x2 keep_q=[[[1,0,1,1,0,0,1,1]]] keep_k=[[[1,1,0,1,0,1,1,0]]]
// position_q=[[[0,1,2,3,4,5,6,7]]] position_k=[[[0,1,2,3,4,5,6,7]]]
func.func @kept_tokens(%keep_q: tensor<?x?x?xi32>, %keep_k: tensor<?x?x?xi32>, %position_q: tensor<?x?x?xi32>,
                       %position_k: tensor<?x?x?xi32>) -> !attn.mask {
  %queries = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %zero = arith.constant 0 : index
    %sk = attn.key_length
    %keep = attn.lookup %keep_q[%b, %h, %q] : tensor<?x?x?xi32> -> index
    %kept = arith.cmpi ne, %keep, %zero : index
    %hi = arith.select %kept, %sk, %zero : index
    attn.yield %zero, %hi : index, index
  }
  %keys = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    %zero = arith.constant 0 : index
    %keep = attn.lookup %keep_k[%b, %h, %k] : tensor<?x?x?xi32> -> index
    %kept = arith.cmpi ne, %keep, %zero : index
    attn.yield %kept : i1
  }
  %causal = attn.named @causal_positions(%position_q, %position_k : tensor<?x?x?xi32>, tensor<?x?x?xi32>)
  %m = attn.and %queries, %keys, %causal
  return %m : !attn.mask
}
