// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!t = tensor<1x1x?x64xf32>
func.func @f(%q: !t {attn.name = "q", attn.default = "randn:1x1x20x64xf32:1"}, %left: index {attn.name = "left"}) -> !t {
  %m = attn.sliding_window [%left, 0] align(bottom_right)
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
