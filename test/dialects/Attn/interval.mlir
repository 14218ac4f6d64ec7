// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// CHECK-LABEL: func.func @interval
// CHECK-SAME: %[[W:.*]]: index
func.func @interval(%w: index) {
  // Outer values may be used.
  // CHECK: attn.interval {
  // CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
  // CHECK-NEXT: %[[HI:.*]] = arith.addi %[[Q]], %[[W]] : index
  // CHECK-NEXT: attn.yield %[[Q]], %[[HI]] : index, index
  // CHECK-NEXT: }
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %hi = arith.addi %q, %w : index
    attn.yield %q, %hi : index, index
  }
  // CHECK: attn.interval implied {
  %implied = attn.interval implied {
  ^bb0(%b: index, %h: index, %q: index):
    attn.yield %q, %w : index, index
  }
  return
}
