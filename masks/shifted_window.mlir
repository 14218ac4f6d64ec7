// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// shifted_window(height, width, window, shift): Swin's windows on the rolled feature map, tokens row by row (raster),
// on raw indices.
//   A = cell(q // width, height) = cell(k // width, height)  and  cell(q % width, width) = cell(k % width, width)
//       cell(x, L) = (x // window, [x >= L - window] + [x >= L - shift]); without the second part if shift <= 0
// The map is the rolled one: token (y, x) is pixel ((y + shift) % height, (x + shift) % width). width and window below
// 1 count as 1, beyond 2^31 as 2^31. Masked pairs get no weight at all; the original adds -100 instead
// (examples/swin_bias.mlir).
// Source: Swin Transformer (Liu et al. 2021), section 3.2, "efficient batch computation for shifted configuration", and
// its published code.
// Use: when a vision transformer attends inside windows of a feature map; shift = 0 and shift = window // 2 alternate
// from layer to layer.
// Example: height=8 width=12 window=4 shift=2
func.func @shifted_window(%height: index, %width: index, %window: index, %shift: index) -> !attn.mask {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %limit = arith.constant 2147483648 : index
  %wide0 = arith.minsi %width, %limit : index
  %wide = arith.maxsi %wide0, %one : index
  %size0 = arith.minsi %window, %limit : index
  %size = arith.maxsi %size0, %one : index
  %rolled = arith.cmpi sgt, %shift, %zero : index
  // Besides the borders of windows, an axis is cut at two places. A cut at 0 cuts nothing.
  %tall = arith.maxsi %height, %zero : index
  %y_cut0 = arith.subi %tall, %size : index
  %y_cut1 = arith.subi %tall, %shift : index
  %x_cut0 = arith.subi %wide, %size : index
  %x_cut1 = arith.subi %wide, %shift : index
  %y_in0 = arith.maxsi %y_cut0, %zero : index
  %y_in1 = arith.maxsi %y_cut1, %zero : index
  %x_in0 = arith.maxsi %x_cut0, %zero : index
  %x_in1 = arith.maxsi %x_cut1, %zero : index
  %y0 = arith.select %rolled, %y_in0, %zero : index
  %y1 = arith.select %rolled, %y_in1, %zero : index
  %x0 = arith.select %rolled, %x_in0, %zero : index
  %x1 = arith.select %rolled, %x_in1, %zero : index
  // Rows of one cell are one interval of keys.
  %rows = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %y = arith.divsi %q, %wide : index
    %number = arith.divsi %y, %size : index
    %start = arith.muli %number, %size : index
    %end = arith.addi %start, %size : index
    %after0 = arith.cmpi sge, %y, %y0 : index
    %after1 = arith.cmpi sge, %y, %y1 : index
    %from0 = arith.select %after0, %y0, %zero : index
    %from1 = arith.select %after1, %y1, %zero : index
    %to0 = arith.select %after0, %end, %y0 : index
    %to1 = arith.select %after1, %end, %y1 : index
    %low0 = arith.maxsi %start, %from0 : index
    %low = arith.maxsi %low0, %from1 : index
    %high0 = arith.minsi %end, %to0 : index
    %high = arith.minsi %high0, %to1 : index
    %lo = arith.muli %low, %wide : index
    %hi = arith.muli %high, %wide : index
    attn.yield %lo, %hi : index, index
  }
  // Columns of one cell are those whose cell starts at the same column.
  %columns = attn.equal query {
  ^bb0(%b: index, %h: index, %q: index):
    %x = arith.remsi %q, %wide : index
    %number = arith.divsi %x, %size : index
    %start = arith.muli %number, %size : index
    %after0 = arith.cmpi sge, %x, %x0 : index
    %after1 = arith.cmpi sge, %x, %x1 : index
    %from0 = arith.select %after0, %x0, %zero : index
    %from1 = arith.select %after1, %x1, %zero : index
    %low0 = arith.maxsi %start, %from0 : index
    %low = arith.maxsi %low0, %from1 : index
    attn.yield %low : index
  } key {
  ^bb0(%b: index, %h: index, %k: index):
    %x = arith.remsi %k, %wide : index
    %number = arith.divsi %x, %size : index
    %start = arith.muli %number, %size : index
    %after0 = arith.cmpi sge, %x, %x0 : index
    %after1 = arith.cmpi sge, %x, %x1 : index
    %from0 = arith.select %after0, %x0, %zero : index
    %from1 = arith.select %after1, %x1, %zero : index
    %low0 = arith.maxsi %start, %from0 : index
    %low = arith.maxsi %low0, %from1 : index
    attn.yield %low : index
  }
  %m = attn.and %rows, %columns
  return %m : !attn.mask
}
