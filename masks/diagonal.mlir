// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// diagonal(radius): a band around the main diagonal, on raw indices.
//   A = |q - k| <= radius
// A negative radius attends nothing.
// Source: Sparse-vDiT (2025), the "diagonal" mode of a head.
// Use: when a head of a diffusion transformer looks only at neighbours in token order.
// Example: radius=8
func.func @diagonal(%radius: index) -> !attn.mask {
  %m = attn.sliding_window [%radius, %radius] align(top_left)
  return %m : !attn.mask
}
