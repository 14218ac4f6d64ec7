// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/chunked.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @chunked
// LINK: attn.interval

// One interval; the size is made positive once, by the mask itself.
// CHECK-LABEL: func.func @chunked
// CHECK-SAME: %[[SIZE:[^:]*]]: index)
// CHECK: %[[M:.*]] = attn.interval
// CHECK: %[[C:.*]] = arith.maxsi %[[SIZE]], %{{.*}} : index
// CHECK-NOT: arith.maxsi
// CHECK: %[[N:.*]] = arith.floordivsi %{{.*}}, %[[C]] : index
// CHECK: %[[LO:.*]] = arith.muli %[[N]], %[[C]] : index
// CHECK: attn.yield %[[LO]], %{{.*}}
// CHECK: mask(%[[M]])
func.func @chunked(%q: !t, %k: !t, %v: !t, %chunk: index) -> !t {
  %m = attn.named @chunked(%chunk : index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
