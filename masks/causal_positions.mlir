// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// causal_positions(position_q, position_k): causal in the positions of a table, whatever order the tokens are stored
// in.
//   A = position_k[b, h, k] <= position_q[b, h, q]
// Both tables are [B, H, S]. A query or key beyond its table attends nothing.
// Source: SCFA (Pagliardini et al. 2023): causality on carried original positions; permutation language
// models (XLNet, Yang et al. 2019).
// Use: when tokens were sorted, compacted or dealt out to devices, and must keep their causal order; with `attn.and`
// for every other mask on them.
// Example: size=8,8 tile=2x2 position_q=[[[0,1,6,7,2,3,4,5]]] position_k=[[[0,1,6,7,2,3,4,5]]]
func.func @causal_positions(%position_q: tensor<?x?x?xi32>, %position_k: tensor<?x?x?xi32>) -> !attn.mask {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    %pq = attn.lookup %position_q[%b, %h, %q] : tensor<?x?x?xi32> -> index
    %pk = attn.lookup %position_k[%b, %h, %k] : tensor<?x?x?xi32> -> index
    %earlier = arith.cmpi sle, %pk, %pq : index
    attn.yield %earlier : i1
  }
  return %m : !attn.mask
}
