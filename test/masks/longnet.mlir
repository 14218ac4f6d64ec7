// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/longnet.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @longnet
// LINK: attn.equal

// A query that is not chosen is an empty interval.
// CHECK-LABEL: func.func @longnet
// CHECK: %[[QUERIES:.*]] = attn.interval
// CHECK: arith.select
// CHECK: %[[KEYS:.*]] = attn.equal
// CHECK: %[[M:.*]] = attn.and %[[QUERIES]], %[[KEYS]]
// CHECK: mask(%[[M]])
func.func @longnet(%q: !t, %k: !t, %v: !t, %segment: index, %dilation: index) -> !t {
  %m = attn.named @longnet(%segment, %dilation : index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
