// RUN: lacuna-mask %s --size 64,64 | FileCheck %s
// An unfinished attention has a mask like any other.
// CHECK: density {{.*}}0.5
func.func @f(%q: tensor<1x1x?x8xf32>) -> tensor<1x1x?x8xf32> {
  %m = attn.causal align(top_left)
  %s = attn.attention_state %q, %q, %q mask(%m) layout(bhsd) : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32> -> !attn.state<bhsd, 1x1x?x8>
  %o = attn.finalize %s : !attn.state<bhsd, 1x1x?x8> -> tensor<1x1x?x8xf32>
  return %o : tensor<1x1x?x8xf32>
}
