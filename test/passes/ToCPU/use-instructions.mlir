// RUN: sed s/CHIP/x86-64-v4-bf16/ %s | lacuna-opt -cpu-use-instructions | FileCheck %s --check-prefixes=CHECK,V4,BF16
// RUN: sed s/CHIP/x86-64-v4/ %s | lacuna-opt -cpu-use-instructions | FileCheck %s --check-prefixes=CHECK,V4,NONE16
// RUN: sed s/CHIP/x86-64-v3/ %s | lacuna-opt -cpu-use-instructions | FileCheck %s --check-prefixes=CHECK,V3,NONE16
// RUN: not lacuna-opt %s -cpu-use-instructions 2>&1 | FileCheck %s --check-prefix=CHIP
// Instructions of whole registers, only where the target has them.

// CHIP: expects tile.target to be one of {{.*}}, but got "CHIP"
module attributes {tile.target = "CHIP"} {
// CHECK-LABEL: func.func @exp2
// V4: %[[F:.*]] = llvm.call_intrinsic "llvm.x86.avx512.mask.reduce.ps.512"(%[[X:.*]], %c9_i32,
// V4-COUNT-5: math.fma
// V4: llvm.call_intrinsic "llvm.x86.avx512.mask.scalef.ps.512"(%{{.*}}, %[[X]],
// V4-COUNT-3: math.fma
// V4-NOT: math.fma
// V4: llvm.call_intrinsic "llvm.x86.avx512.mask.scalef.ps.512"(
// V4: math.exp2 %{{.*}} : vector<8xf32>
// V4: math.exp2 %{{.*}} : f32
// V3-COUNT-4: math.exp2
func.func @exp2(%x: vector<16xf32>, %y: vector<8xf32>, %z: f32) -> (vector<16xf32>, vector<16xf32>, vector<8xf32>, f32) {
  %a = math.exp2 %x : vector<16xf32>
  %coarse = math.exp2 %x fastmath<afn> : vector<16xf32>
  %b = math.exp2 %y : vector<8xf32>
  %c = math.exp2 %z : f32
  return %a, %coarse, %b, %c : vector<16xf32>, vector<16xf32>, vector<8xf32>, f32
}

// The example of the pass: the second operand fills the upper half.
// CHECK-LABEL: func.func @pairs(
// BF16: %[[Q:.*]] = llvm.call_intrinsic "llvm.x86.avx512bf16.cvtne2ps2bf16.512"(%arg1, %arg0) : (vector<16xf32>, vector<16xf32>) -> vector<32xbf16>
// BF16: vector.shuffle %[[Q]], %[[Q]] [0, 16, 1, 17, {{.*}}, 15, 31]
// NONE16: vector.interleave
func.func @pairs(%a: vector<16xf32>, %b: vector<16xf32>) -> vector<32xbf16> {
  %l = arith.truncf %a : vector<16xf32> to vector<16xbf16>
  %h = arith.truncf %b : vector<16xf32> to vector<16xbf16>
  %p = vector.interleave %l, %h : vector<16xbf16> -> vector<32xbf16>
  return %p : vector<32xbf16>
}

// CHECK-LABEL: func.func @not_rounded
// CHECK: vector.interleave
func.func @not_rounded(%a: vector<16xf32>, %h: vector<16xbf16>) -> vector<32xbf16> {
  %l = arith.truncf %a : vector<16xf32> to vector<16xbf16>
  %p = vector.interleave %l, %h : vector<16xbf16> -> vector<32xbf16>
  return %p : vector<32xbf16>
}
}
