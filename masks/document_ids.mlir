// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// document_ids(ids_q, ids_k): packed documents by the id of every token, other ones in every batch entry.
//   A = ids_q[b, q] = ids_k[b, k]
// Both tables are [B, S]; ids in any order, a document in any number of pieces. A query or key beyond its table attends
// nothing. Padding has an id that the other side has not.
// Source: "document" in LongCA-bench; the document masks of FlexAttention (Dong et al. 2024).
// Use: when boundaries differ between batch entries, or tokens come with ids. Causal and block-causal documents are
// this with `attn.and` on a causal mask or on block_causal_document(cu=[0, Sk], block).
// Example: ids_q=[[0,0,0,1,1,2,2,2]] ids_k=[[0,0,0,1,1,2,2,2]] size=8,8 tile=2x2
func.func @document_ids(%ids_q: tensor<?x?xi32>, %ids_k: tensor<?x?xi32>) -> !attn.mask {
  %m = attn.equal query {
  ^bb0(%b: index, %h: index, %q: index):
    %id = attn.lookup %ids_q[%b, %q] : tensor<?x?xi32> -> index
    attn.yield %id : index
  } key {
  ^bb0(%b: index, %h: index, %k: index):
    %id = attn.lookup %ids_k[%b, %k] : tensor<?x?xi32> -> index
    attn.yield %id : index
  }
  return %m : !attn.mask
}
