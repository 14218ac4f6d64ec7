// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Swin's window attention as published, bit-faithful: many small windows as the batch, a learned bias by relative position, read from its table by computed
// index (no window^2 x window^2 matrix is built), and -100 added, not a mask, where a shifted window mixes regions of the rolled map. With a true mask:
// masks/shifted_window_tiles.mlir.
//   score = q k / sqrt(D) + bias[(yq - yk + w - 1) * (2 w - 1) + xq - xk + w - 1, h] - 100 * [region(q) != region(k)],  w = window
//   region = [x >= L - w] + [x >= L - shift] on both axes of the rolled height x width map, if shift > 0
// Source: Swin Transformer (Liu et al. 2021), section 3.2, and its published code. Windows are numbered row by row, then by image.
// 8k: q=randn:128x4x64x32xf32:1 k=randn:128x4x64x32xf32:2 v=randn:128x4x64x32xf32:3 bias=randn:225x4xf32:4 height=64 width=128 window=8 shift=4
func.func @swin_bias(
    %q: tensor<?x4x?x32xf32> {attn.name = "q", attn.default = "randn:12x4x49x32xf32:1"},
    %k: tensor<?x4x?x32xf32> {attn.name = "k", attn.default = "randn:12x4x49x32xf32:2"},
    %v: tensor<?x4x?x32xf32> {attn.name = "v", attn.default = "randn:12x4x49x32xf32:3"},
    %bias: tensor<?x4xf32> {attn.name = "bias", attn.default = "randn:169x4xf32:4"},
    %height: index {attn.name = "height", attn.default = "14"},
    %width: index {attn.name = "width", attn.default = "21"},
    %window: index {attn.name = "window", attn.default = "7"},
    %shift: index {attn.name = "shift", attn.default = "3"}) -> tensor<?x4x?x32xf32> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %none = arith.constant 0.0 : f32
  %masked = arith.constant -100.0 : f32
  %rolled = arith.cmpi sgt, %shift, %zero : index
  %y_cut0 = arith.subi %height, %window : index
  %y_cut1 = arith.subi %height, %shift : index
  %x_cut0 = arith.subi %width, %window : index
  %x_cut1 = arith.subi %width, %shift : index
  %o = attn.attention %q, %k, %v layout(bhsd) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    // Places inside the window, and of the window in its image.
    %yi = arith.divsi %i, %window : index
    %xi = arith.remsi %i, %window : index
    %yj = arith.divsi %j, %window : index
    %xj = arith.remsi %j, %window : index
    %across = arith.divsi %width, %window : index
    %down = arith.divsi %height, %window : index
    %left = arith.remsi %b, %across : index
    %line = arith.divsi %b, %across : index
    %above = arith.remsi %line, %down : index
    %y0 = arith.muli %above, %window : index
    %x0 = arith.muli %left, %window : index
    // The bias of the relative position.
    %dy = arith.subi %yi, %yj : index
    %dx = arith.subi %xi, %xj : index
    %last = arith.subi %window, %one : index
    %span = arith.addi %window, %last : index
    %dy1 = arith.addi %dy, %last : index
    %dx1 = arith.addi %dx, %last : index
    %row = arith.muli %dy1, %span : index
    %entry = arith.addi %row, %dx1 : index
    %relative = attn.lookup %bias[%entry, %h] : tensor<?x4xf32> -> f32
    // Regions differ where a cut lies between the two tokens, on either axis.
    %qy = arith.addi %y0, %yi : index
    %qx = arith.addi %x0, %xi : index
    %ky = arith.addi %y0, %yj : index
    %kx = arith.addi %x0, %xj : index
    %qy0 = arith.cmpi sge, %qy, %y_cut0 : index
    %ky0 = arith.cmpi sge, %ky, %y_cut0 : index
    %qy1 = arith.cmpi sge, %qy, %y_cut1 : index
    %ky1 = arith.cmpi sge, %ky, %y_cut1 : index
    %qx0 = arith.cmpi sge, %qx, %x_cut0 : index
    %kx0 = arith.cmpi sge, %kx, %x_cut0 : index
    %qx1 = arith.cmpi sge, %qx, %x_cut1 : index
    %kx1 = arith.cmpi sge, %kx, %x_cut1 : index
    %cut_y0 = arith.xori %qy0, %ky0 : i1
    %cut_y1 = arith.xori %qy1, %ky1 : i1
    %cut_x0 = arith.xori %qx0, %kx0 : i1
    %cut_x1 = arith.xori %qx1, %kx1 : i1
    %cut_y = arith.ori %cut_y0, %cut_y1 : i1
    %cut_x = arith.ori %cut_x0, %cut_x1 : i1
    %cut = arith.ori %cut_y, %cut_x : i1
    %differ = arith.andi %cut, %rolled : i1
    %penalty = arith.select %differ, %masked, %none : f32
    %biased = arith.addf %x, %relative : f32
    %y = arith.addf %biased, %penalty : f32
    attn.yield %y : f32
  } : tensor<?x4x?x32xf32>, tensor<?x4x?x32xf32>, tensor<?x4x?x32xf32> -> tensor<?x4x?x32xf32>
  return %o : tensor<?x4x?x32xf32>
}
