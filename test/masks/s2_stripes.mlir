// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/s2_stripes.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @s2_stripes
// LINK: attn.equal

// Two terms: the local blocks, one interval, and the causal stripes.
// CHECK-LABEL: func.func @s2_stripes
// CHECK: %[[NEAR:.*]] = attn.interval
// CHECK: %[[CAUSAL:.*]] = attn.interval
// CHECK: %[[STRIPES:.*]] = attn.equal
// CHECK: %[[FAR:.*]] = attn.and %[[CAUSAL]], %[[STRIPES]]
// CHECK: %[[M:.*]] = attn.or %[[NEAR]], %[[FAR]]
// CHECK: mask(%[[M]])
func.func @s2_stripes(%q: !t, %k: !t, %v: !t, %block: index, %local: index, %stride: index, %group: index, %step: index, %offset: index) -> !t {
  %m = attn.named @s2_stripes(%block, %local, %stride, %group, %step, %offset : index, index, index, index, index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
