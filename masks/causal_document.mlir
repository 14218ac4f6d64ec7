// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// causal_document(cu_q, cu_k): packed documents, causal inside each.
//   A = doc(q) = doc(k) = d  and  k - cu_k[d] <= q - cu_q[d] + (keys of d) - (queries of d)
// Positions outside of all documents attend nothing.
// Source: variable-length attention of FlashAttention-2 (Dao 2023), `cu_seqlens`; "causal document" in LongCA-bench.
// Use: when documents are packed one after another and a token must not see another document or its own future.
// Example: cu_q=[0,13,29,50,72,96] cu_k=[0,13,29,50,72,96]
func.func @causal_document(%cu_q: tensor<?xi32>, %cu_k: tensor<?xi32>) -> !attn.mask {
  %causal = attn.causal align(bottom_right)
  %m = attn.document %cu_q, %cu_k where %causal : tensor<?xi32>, tensor<?xi32>
  return %m : !attn.mask
}
