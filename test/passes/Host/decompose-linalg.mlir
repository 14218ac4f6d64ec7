// RUN: lacuna-opt %s -host-decompose-linalg | FileCheck %s
// RUN: lacuna-run %s --target=generic --out result0=@%t.safetensors --arg x=[[0.0,0.0,0.0,0.0],[1.0,1.0,1.0,1.0]]
// RUN: %python -c "import struct; assert struct.unpack('<8f', open('%t.safetensors', 'rb').read()[-32:]) == (0.25,) * 8"
// A module with a softmax compiles and runs, raised or not.

// CHECK-LABEL: func.func @softmax
// CHECK: %[[MAX:.*]] = linalg.generic {{.*}} "reduction"
// CHECK: arith.maxnumf
// CHECK: math.exp
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} "reduction"
// CHECK: arith.addf
// CHECK: arith.divf
// CHECK-NOT: linalg.softmax
func.func @softmax(%x: tensor<2x4xf32> {attn.name = "x"}) -> tensor<2x4xf32> {
  %e = tensor.empty() : tensor<2x4xf32>
  %p = linalg.softmax dimension(1) ins(%x : tensor<2x4xf32>) outs(%e : tensor<2x4xf32>) -> tensor<2x4xf32>
  return %p : tensor<2x4xf32>
}
