// REQUIRES: lacuna-mask
// RUN: lacuna-mask %s --size 192,192 --arg window=8 --arg global=16 --json - | FileCheck %s --check-prefix=W8
// RUN: lacuna-mask %s --size 192,192 --arg window=16 --arg global=32 --json - | FileCheck %s --check-prefix=W16
// RUN: lacuna-mask %s --size 192,192 --arg window=32 --arg global=64 --json - | FileCheck %s --check-prefix=W32
// RUN: lacuna-mask %s --size 192,192 --arg window=8 --arg global=8 --json - | FileCheck %s --check-prefix=OTHER
// Trap: one mask name with two areas. In LongCA-bench "global sliding window" has 2 * window global tokens for some kernels; for others, and for the count of
// operations, it has `window` of them, in strips that are causal by mistake: 0.123, 0.227 and 0.393 of all pairs instead of 0.239, 0.441 and 0.753.
// Here the number of global tokens is a parameter of its own, and they see and are seen by all.

// W8: "density": 0.2389
// W16: "density": 0.4414
// W32: "density": 0.7526
// As many global tokens as the window is wide: 2 * 8 * 192 - 8 * 8 pairs with a global token, and 184 * 17 - 8 * 9 others: 6064 of 192 * 192.
// OTHER: "density": 0.164496

func.func @f(%q: tensor<1x1x?x8xf32>, %k: tensor<1x1x?x8xf32>, %v: tensor<1x1x?x8xf32>, %window: index {attn.name = "window"},
    %global: index {attn.name = "global"}) -> tensor<1x1x?x8xf32> {
  %m = attn.named @global_sliding_window(%window, %global : index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32> -> tensor<1x1x?x8xf32>
  return %o : tensor<1x1x?x8xf32>
}
