// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// CHECK-LABEL: func.func @predicate
func.func @predicate() {
  // CHECK: attn.predicate {
  // CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index, %[[K:.*]]: index):
  // CHECK-NEXT: %[[C:.*]] = arith.cmpi sge, %[[Q]], %[[K]] : index
  // CHECK-NEXT: attn.yield %[[C]] : i1
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    %c = arith.cmpi sge, %q, %k : index
    attn.yield %c : i1
  }
  return
}
