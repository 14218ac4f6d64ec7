// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/block_diffusion.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @block_diffusion
// LINK: attn.or

// One interval in either half.
// CHECK-LABEL: func.func @block_diffusion
// CHECK: %[[NOISY:.*]] = attn.interval
// CHECK: attn.segment
// CHECK: %[[CLEAN:.*]] = attn.interval
// CHECK: attn.segment
// CHECK: %[[M:.*]] = attn.or %[[NOISY]], %[[CLEAN]]
// CHECK: mask(%[[M]])
func.func @block_diffusion(%q: !t, %k: !t, %v: !t, %text: index, %cu: tensor<?xi32>, %causal: index) -> !t {
  %m = attn.named @block_diffusion(%text, %cu, %causal : index, tensor<?xi32>, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
