// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// CHECK-LABEL: func.func @restrict
func.func @restrict(%q0: index, %s: index) {
  // CHECK: %[[C:.*]] = attn.causal
  %c = attn.causal align(bottom_right)
  // CHECK: attn.restrict %[[C]] queries(%{{.*}} of %{{.*}}) keys(0 of %{{.*}})
  %chunk = attn.restrict %c queries(%q0 of %s) keys(0 of %s)
  // CHECK: attn.restrict %[[C]] queries(4 of 100) keys(8 of 128)
  %static = attn.restrict %c queries(4 of 100) keys(8 of 128)
  return
}
