// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// CHECK-LABEL: func.func @equal
func.func @equal(%c: index) {
  // CHECK: attn.equal query {
  // CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %{{.*}}: index):
  // CHECK: } key {
  // CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %{{.*}}: index):
  %m = attn.equal query {
  ^bb0(%b: index, %h: index, %q: index):
    %f = arith.divsi %q, %c : index
    attn.yield %f : index
  } key {
  ^bb0(%b: index, %h: index, %k: index):
    %g = arith.divsi %k, %c : index
    attn.yield %g : index
  }
  return
}
