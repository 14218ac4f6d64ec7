// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/reference_frames.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @reference_frames
// LINK: attn.predicate

// Only what depends on the key's frame is a predicate.
// CHECK-LABEL: func.func @reference_frames
// CHECK: %[[OWN:.*]] = attn.interval
// CHECK: %[[FROM:.*]] = attn.interval
// CHECK: attn.lookup
// CHECK: %[[TO:.*]] = attn.predicate
// CHECK: attn.lookup
// CHECK: %[[M:.*]] = attn.or %[[OWN]], %[[FROM]], %[[TO]]
// CHECK: mask(%[[M]])
func.func @reference_frames(%q: !t, %k: !t, %v: !t, %tokens: index, %references: tensor<?xi32>) -> !t {
  %m = attn.named @reference_frames(%tokens, %references : index, tensor<?xi32>)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
