// REQUIRES: numpy, lacuna-run
// RUN: %python %S/attended.py %s 16 %t --entry=raster | FileCheck %s --check-prefix=RASTER --match-full-lines
// RUN: %python %S/attended.py %s 16 %t --entry=tiles | FileCheck %s --check-prefix=TILES --match-full-lines
// Trap: a mask that the fast path ignores. Flash Window Attention's kernel drops the shifted-window mask of Swin, which only its reference applies: a window
// at the border of the rolled map then mixes tokens from opposite sides of the image. One window of 4 x 4, shifted by 2: four regions of 2 x 2, not one of 16.

// RASTER: row 0: 0 1 4 5
// RASTER-NEXT: row 1: 0 1 4 5
// RASTER-NEXT: row 2: 2 3 6 7
// RASTER-NEXT: row 3: 2 3 6 7
// RASTER: row 8: 8 9 12 13
// RASTER: row 15: 10 11 14 15

// Where the whole map is one window, both orders are the same.
// TILES: row 0: 0 1 4 5
// TILES: row 7: 2 3 6 7
// TILES: row 12: 8 9 12 13
// TILES: row 15: 10 11 14 15

func.func @raster(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x16x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x16x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x16x16xf32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %size = arith.constant 4 : index
  %shift = arith.constant 2 : index
  %m = attn.named @shifted_window(%size, %size, %size, %shift : index, index, index, index)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}

func.func @tiles(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x16x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x16x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x16x16xf32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %size = arith.constant 4 : index
  %shift = arith.constant 2 : index
  %m = attn.named @shifted_window_tiles(%size, %size, %size, %shift : index, index, index, index)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}
