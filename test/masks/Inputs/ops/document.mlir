// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// document(cu_q, cu_k): `attn.document`: packed documents; inside each, `where` applies any mask to the document's own
// coordinates and lengths.
//   A = doc(q) = doc(k),  document d is [cu_q[d], cu_q[d + 1]) x [cu_k[d], cu_k[d + 1])
// Tokens outside of all documents attend nothing and are attended by nothing.
// Source: variable-length attention of FlashAttention-2 (Dao 2023), `cu_seqlens`.
// Use: when sequences are packed one after another without padding.
// Example: cu_q=[0,13,29,50,72,96] cu_k=[0,13,29,50,72,96]
func.func @document(%cu_q: tensor<?xi32>, %cu_k: tensor<?xi32>) -> !attn.mask {
  %m = attn.document %cu_q, %cu_k : tensor<?xi32>, tensor<?xi32>
  return %m : !attn.mask
}
