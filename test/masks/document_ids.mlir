// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/document_ids.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<?x2x?x64xf32>

// LINK-LABEL: func.func @document_ids
// LINK: attn.equal
// LINK-NOT: attn.named

// One atom, each side with its own table.
// CHECK-LABEL: func.func @document_ids
// CHECK-SAME: %[[IQ:[^:]*]]: tensor<?x?xi32>, %[[IK:[^:]*]]: tensor<?x?xi32>)
// CHECK: %[[M:.*]] = attn.equal query {
// CHECK: attn.lookup %[[IQ]][%{{.*}}, %{{.*}}]
// CHECK: } key {
// CHECK: attn.lookup %[[IK]][%{{.*}}, %{{.*}}]
// CHECK: mask(%[[M]])
func.func @document_ids(%q: !t, %k: !t, %v: !t, %ids_q: tensor<?x?xi32>, %ids_k: tensor<?x?xi32>) -> !t {
  %m = attn.named @document_ids(%ids_q, %ids_k : tensor<?x?xi32>, tensor<?x?xi32>)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
