// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Dense attention: every query attends every key. The yardstick of the other examples.
//   A(b, h, q, k) = true
// Source: Vaswani et al. 2017, section 3.2.1.
// 8k: q=randn:1x8x8192x64xf32:1 k=randn:1x8x8192x64xf32:2 v=randn:1x8x8192x64xf32:3
func.func @dense(
    %q: tensor<?x8x?x64xf32> {attn.name = "q", attn.default = "randn:2x8x200x64xf32:1"},
    %k: tensor<?x8x?x64xf32> {attn.name = "k", attn.default = "randn:2x8x200x64xf32:2"},
    %v: tensor<?x8x?x64xf32> {attn.name = "v", attn.default = "randn:2x8x200x64xf32:3"}) -> tensor<?x8x?x64xf32> {
  %m = attn.all
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32> -> tensor<?x8x?x64xf32>
  return %o : tensor<?x8x?x64xf32>
}
