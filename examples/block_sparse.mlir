// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Block sparsity from run-time lists, one list per key head and block of queries, causal in original positions. The lists need no order and may
// repeat themselves.
//   A(b, h, q, k) = (k // 64) in S(b, h, q // 64)  and  k <= q
// Source: Block-Sparse-Attention; FlexAttention's BlockMask (Dong et al. 2024), section 3.2.
// 8k: q=randn:1x8x8192x64xf32:1 k=randn:1x2x8192x64xf32:2 v=randn:1x2x8192x64xf32:3 blocks=randint:1x2x128x24xi32:128 counts=randint:1x2x128xi32:25
!q = tensor<1x8x?x64xf32>
!kv = tensor<1x2x?x64xf32>
func.func @block_sparse(
    %q: !q {attn.name = "q", attn.default = "randn:1x8x300x64xf32:1"},
    %k: !kv {attn.name = "k", attn.default = "randn:1x2x300x64xf32:2"},
    %v: !kv {attn.name = "v", attn.default = "randn:1x2x300x64xf32:3"},
    %blocks: tensor<1x2x?x?xi32> {attn.name = "blocks", attn.default = "randint:1x2x5x3xi32:5"},
    %counts: tensor<1x2x?xi32> {attn.name = "counts", attn.default = "[[[1, 2, 3, 3, 2], [0, 3, 3, 1, 3]]]"}) -> !q {
  %set = attn.list_set %blocks, %counts granule = [64, 64] : tensor<1x2x?x?xi32>, tensor<1x2x?xi32> -> !attn.set<list>
  %listed = attn.block_sparse %set : !attn.set<list>
  %causal = attn.causal align(bottom_right)
  %m = attn.and %listed, %causal
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !q, !kv, !kv -> !q
  return %o : !q
}
