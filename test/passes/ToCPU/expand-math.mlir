// RUN: lacuna-opt %s -cpu-expand-math | FileCheck %s
// exp2 by the pass's own polynomial (clamp by compare and select, round by adding 1.5 · 2^23, six fused steps, exponent by shift); log2 and tanh by upstream's.

// CHECK-LABEL: func.func @exp2
// CHECK-DAG: arith.constant dense<-1.270000e+02> : vector<16xf32>
// CHECK-DAG: arith.constant dense<1.280000e+02> : vector<16xf32>
// CHECK-DAG: %[[ROUND:.*]] = arith.constant dense<0x4B400000> : vector<16xf32>
// CHECK-DAG: %[[C23:.*]] = arith.constant dense<23> : vector<16xi32>
// CHECK-COUNT-2: arith.select
// CHECK: %[[SHIFTED:.*]] = arith.addf %{{.*}}, %[[ROUND]]
// CHECK-COUNT-6: math.fma
// CHECK: %[[BITS:.*]] = arith.bitcast %[[SHIFTED]]
// CHECK: arith.shli %[[BITS]], %[[C23]]
// CHECK: arith.mulf
// CHECK-NOT: math.
// CHECK: return
func.func @exp2(%x: vector<16xf32>) -> vector<16xf32> {
  %y = math.exp2 %x : vector<16xf32>
  return %y : vector<16xf32>
}

// CHECK-LABEL: func.func @others
// CHECK-NOT: math.{{(exp2|log2|tanh|exp)}}
// CHECK: return
func.func @others(%x: f32, %v: vector<8xf32>) -> (f32, vector<8xf32>, f32, f32) {
  %a = math.log2 %x : f32
  %b = math.tanh %v : vector<8xf32>
  %c = math.exp2 %x : f32
  %d = math.exp %x : f32
  return %a, %b, %c, %d : f32, vector<8xf32>, f32, f32
}
