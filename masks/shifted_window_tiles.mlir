// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// shifted_window_tiles(height, width, window, shift): shifted_window in tile-major order: window after window, row by
// row inside a window. On raw indices.
//   A = t(q) = t(k)  and  u(y(q), height) = u(y(k), height)  and  u(x(q), width) = u(x(k), width)
//       t(i) = i // window^2, the window of i;  n = width // window windows side by side
//       y(i) = window * (t(i) // n) + i % window^2 // window,  x(i) = window * (t(i) % n) + i % window
//       u(x, L) = [x >= L - window] + [x >= L - shift] if shift > 0, else 0
// window below 1 counts as 1, beyond 2^15 as 2^15; a width below one window counts as one window. height and width
// should be multiples of the window.
// Source: Swin Transformer (Liu et al. 2021), section 3.2, and its published code, which cuts the map into windows
// before it attends.
// Use: when the tokens of a feature map already lie window by window: a window is then one run of keys, and shift = 0
// needs no mask inside a tile.
// Example: height=8 width=12 window=4 shift=2
func.func @shifted_window_tiles(%height: index, %width: index, %window: index, %shift: index) -> !attn.mask {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %limit = arith.constant 32768 : index
  %size0 = arith.minsi %window, %limit : index
  %size = arith.maxsi %size0, %one : index
  %area = arith.muli %size, %size : index
  %wide = arith.maxsi %width, %size : index
  %across = arith.divsi %wide, %size : index
  %rolled = arith.cmpi sgt, %shift, %zero : index
  // Besides the borders of windows, an axis is cut at two places. A cut at 0 cuts nothing.
  %tall = arith.maxsi %height, %zero : index
  %broad = arith.maxsi %width, %zero : index
  %y_cut0 = arith.subi %tall, %size : index
  %y_cut1 = arith.subi %tall, %shift : index
  %x_cut0 = arith.subi %broad, %size : index
  %x_cut1 = arith.subi %broad, %shift : index
  %y_in0 = arith.maxsi %y_cut0, %zero : index
  %y_in1 = arith.maxsi %y_cut1, %zero : index
  %x_in0 = arith.maxsi %x_cut0, %zero : index
  %x_in1 = arith.maxsi %x_cut1, %zero : index
  %y0 = arith.select %rolled, %y_in0, %zero : index
  %y1 = arith.select %rolled, %y_in1, %zero : index
  %x0 = arith.select %rolled, %x_in0, %zero : index
  %x1 = arith.select %rolled, %x_in1, %zero : index
  // Rows of one cell are one interval of keys inside the window.
  %rows = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %t = arith.divsi %q, %area : index
    %first = arith.muli %t, %area : index
    %inside = arith.subi %q, %first : index
    %line = arith.divsi %inside, %size : index
    %down = arith.divsi %t, %across : index
    %top = arith.muli %down, %size : index
    %y = arith.addi %top, %line : index
    %after0 = arith.cmpi sge, %y, %y0 : index
    %after1 = arith.cmpi sge, %y, %y1 : index
    %cut0 = arith.subi %y0, %top : index
    %cut1 = arith.subi %y1, %top : index
    %from0 = arith.select %after0, %cut0, %zero : index
    %from1 = arith.select %after1, %cut1, %zero : index
    %to0 = arith.select %after0, %size, %cut0 : index
    %to1 = arith.select %after1, %size, %cut1 : index
    %low0 = arith.maxsi %from0, %from1 : index
    %low = arith.maxsi %low0, %zero : index
    %high0 = arith.minsi %to0, %to1 : index
    %high = arith.minsi %high0, %size : index
    %lo0 = arith.muli %low, %size : index
    %hi0 = arith.muli %high, %size : index
    %lo = arith.addi %first, %lo0 : index
    %hi = arith.addi %first, %hi0 : index
    attn.yield %lo, %hi : index, index
  }
  // Columns of one cell: as many of the two cuts lie before them.
  %columns = attn.equal query {
  ^bb0(%b: index, %h: index, %q: index):
    %t = arith.divsi %q, %area : index
    %right = arith.remsi %t, %across : index
    %edge = arith.muli %right, %size : index
    %step = arith.remsi %q, %size : index
    %x = arith.addi %edge, %step : index
    %after0 = arith.cmpi sge, %x, %x0 : index
    %after1 = arith.cmpi sge, %x, %x1 : index
    %n0 = arith.select %after0, %one, %zero : index
    %n1 = arith.select %after1, %one, %zero : index
    %region = arith.addi %n0, %n1 : index
    attn.yield %region : index
  } key {
  ^bb0(%b: index, %h: index, %k: index):
    %t = arith.divsi %k, %area : index
    %right = arith.remsi %t, %across : index
    %edge = arith.muli %right, %size : index
    %step = arith.remsi %k, %size : index
    %x = arith.addi %edge, %step : index
    %after0 = arith.cmpi sge, %x, %x0 : index
    %after1 = arith.cmpi sge, %x, %x1 : index
    %n0 = arith.select %after0, %one, %zero : index
    %n1 = arith.select %after1, %one, %zero : index
    %region = arith.addi %n0, %n1 : index
    attn.yield %region : index
  }
  %m = attn.and %rows, %columns
  return %m : !attn.mask
}
