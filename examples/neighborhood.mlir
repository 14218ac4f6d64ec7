// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Neighborhood attention on an image: each of height x width tokens attends the window around it, which shifts at the borders. With a stride, a group of
// tokens shares its window, and tiles come out full or empty:
//   lacuna-mask examples/neighborhood.mlir --space 16x32 --q-tile 4x8 --kv-tile 4x8
//   A(b, h, q, k) = near(q // width, k // width) and near(q mod width, k mod width), near as in attn.neighborhood
// Source: "Generalized Neighborhood Attention" (Hassani et al. 2025); NATTEN.
// 8k: q=randn:1x8x8192x64xf32:1 k=randn:1x8x8192x64xf32:2 v=randn:1x8x8192x64xf32:3 height=64 width=128 rows=16 columns=32 stride=8
func.func @neighborhood(
    %q: tensor<?x8x?x64xf32> {attn.name = "q", attn.default = "randn:1x8x512x64xf32:1"},
    %k: tensor<?x8x?x64xf32> {attn.name = "k", attn.default = "randn:1x8x512x64xf32:2"},
    %v: tensor<?x8x?x64xf32> {attn.name = "v", attn.default = "randn:1x8x512x64xf32:3"},
    %height: index {attn.name = "height", attn.default = "16"}, %width: index {attn.name = "width", attn.default = "32"},
    %rows: index {attn.name = "rows", attn.default = "8"}, %columns: index {attn.name = "columns", attn.default = "16"},
    %stride: index {attn.name = "stride", attn.default = "1"}) -> tensor<?x8x?x64xf32> {
  %m = attn.neighborhood space[%height, %width] window[%rows, %columns] stride[%stride, %stride]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32> -> tensor<?x8x?x64xf32>
  return %o : tensor<?x8x?x64xf32>
}
