// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// neighborhood_2d_boxes(height, width, window, stride): attn.neighborhood on tokens that stand in boxes, here of 4 x 4
// points: box after box, row by row inside a box.
//   A = that of neighborhood_2d at the points that q and k stand for
// Extents are rounded up to whole boxes; points that only fill a box up attend nothing and are attended by nothing.
// Source: token permutation of NATTEN (Hassani et al. 2025).
// Use: when tokens already lie tile by tile. On CPUs the compiler puts points in boxes itself where that visits fewer
// keys.
// Example: size=64,64 height=8 width=8 window=5 stride=1
func.func @neighborhood_2d_boxes(%height: index, %width: index, %window: index, %stride: index) -> !attn.mask {
  %m = attn.neighborhood space[%height, %width] window[%window, %window] stride[%stride, %stride] query_box[4, 4] key_box[4, 4]
  return %m : !attn.mask
}
