// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// neighborhood_2d(height, width, window, stride): `attn.neighborhood`: a window around the query in a space of one to
// three dimensions, here two; tokens in raster order.
//   A = near(q // width, k // width, height)  and  near(q % width, k % width, width)
//       near(x, y, L) = a <= y < a + window,  a = max(min(leader - window // 2, L - window), 0)
//       leader = min(x // stride * stride + stride // 2, L - 1)
// At a border the window shifts, it does not shrink. Each dimension has a window, stride, dilation and causal flag of
// its own; stride = window cuts windows that do not overlap. Values that are not legal count as the nearest legal ones.
// Source: generalized neighborhood attention (Hassani et al. 2025); NATTEN.
// Use: when tokens are the points of an image, a video or a volume, and only near points matter.
// Example: height=8 width=12 window=5 stride=1
func.func @neighborhood_2d(%height: index, %width: index, %window: index, %stride: index) -> !attn.mask {
  %m = attn.neighborhood space[%height, %width] window[%window, %window] stride[%stride, %stride]
  return %m : !attn.mask
}
