// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// hash_buckets(hash_q, hash_k, position_q, position_k): causal inside hash buckets; tokens may be stored in any order.
//   A = hash_q[b, h, q] = hash_k[b, h, k]  and  position_k[b, h, k] <= position_q[b, h, q]
// All tables are [B, H, S]. A query or key beyond its tables attends nothing. A token attends itself; for a strict
// variant give position_k + 1.
// Source: SCFA (Pagliardini et al. 2023), "hash-sparse": buckets by LSH, positions kept after sorting by
// bucket; Reformer's buckets.
// Use: when tokens are hashed and only equal buckets may attend. Stored sorted by bucket, each row is one run of keys.
// Example: size=8,8 tile=2x2 hash_q=[[[0,1,0,1,1,0,0,1]]] hash_k=[[[0,1,0,1,1,0,0,1]]]
// position_q=[[[0,1,2,3,4,5,6,7]]] position_k=[[[0,1,2,3,4,5,6,7]]]
func.func @hash_buckets(%hash_q: tensor<?x?x?xi32>, %hash_k: tensor<?x?x?xi32>, %position_q: tensor<?x?x?xi32>,
                        %position_k: tensor<?x?x?xi32>) -> !attn.mask {
  %same = attn.equal query {
  ^bb0(%b: index, %h: index, %q: index):
    %bucket = attn.lookup %hash_q[%b, %h, %q] : tensor<?x?x?xi32> -> index
    attn.yield %bucket : index
  } key {
  ^bb0(%b: index, %h: index, %k: index):
    %bucket = attn.lookup %hash_k[%b, %h, %k] : tensor<?x?x?xi32> -> index
    attn.yield %bucket : index
  }
  %causal = attn.named @causal_positions(%position_q, %position_k : tensor<?x?x?xi32>, tensor<?x?x?xi32>)
  %m = attn.and %same, %causal
  return %m : !attn.mask
}
