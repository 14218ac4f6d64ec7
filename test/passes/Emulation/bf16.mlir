// bf16 travels as i16 and is converted by integer arithmetic: hosts call a library for it.
// RUN: lacuna-opt %s --emulate-gpu | FileCheck %s

// CHECK-LABEL: llvm.func @truncate(
// CHECK-NOT: bf16
llvm.func @truncate(%params: !llvm.ptr) attributes {nvvm.kernel} {
  %x = llvm.load %params : !llvm.ptr -> f32
  %v = llvm.load %params : !llvm.ptr -> vector<2xf32>
  // CHECK: %[[BITS:.*]] = llvm.bitcast %{{.*}} : f32 to i32
  // CHECK: llvm.lshr %[[BITS]]
  // CHECK: llvm.fcmp "uno"
  // CHECK: llvm.select
  // CHECK: %[[NARROW:.*]] = llvm.trunc {{.*}} : i32 to i16
  // CHECK: llvm.store %[[NARROW]], {{.*}} : i16
  %a = llvm.fptrunc %x : f32 to bf16
  llvm.store %a, %params : bf16, !llvm.ptr
  // CHECK: llvm.trunc {{.*}} : vector<2xi32> to vector<2xi16>
  // CHECK: llvm.extractelement {{.*}} : vector<2xi16>
  %b = llvm.fptrunc %v : vector<2xf32> to vector<2xbf16>
  %zero = llvm.mlir.constant(0 : i32) : i32
  %element = llvm.extractelement %b[%zero : i32] : vector<2xbf16>
  // Other truncations stay.
  // CHECK: llvm.fptrunc {{.*}} : f32 to f16
  %c = llvm.fptrunc %x : f32 to f16
  llvm.return
}

// CHECK-LABEL: llvm.func @extend(
llvm.func @extend(%params: !llvm.ptr) attributes {nvvm.kernel} {
  // CHECK: %[[X:.*]] = llvm.load {{.*}} -> i16
  %x = llvm.load %params : !llvm.ptr -> bf16
  // CHECK: %[[WIDE:.*]] = llvm.zext %[[X]] : i16 to i32
  // CHECK: %[[SHIFTED:.*]] = llvm.shl %[[WIDE]]
  // CHECK: llvm.bitcast %[[SHIFTED]] : i32 to f32
  %y = llvm.fpext %x : bf16 to f32
  // CHECK: llvm.getelementptr %{{.*}}[1] : (!llvm.ptr) -> !llvm.ptr, i16
  %next = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, bf16
  llvm.return
}

// CHECK-LABEL: llvm.func @constants(
llvm.func @constants(%params: !llvm.ptr) attributes {nvvm.kernel} {
  // CHECK: llvm.mlir.constant(16256 : i16) : i16
  %one = llvm.mlir.constant(1.0 : bf16) : bf16
  // CHECK: llvm.mlir.constant(dense<[16256, 16384]> : vector<2xi16>)
  %two = llvm.mlir.constant(dense<[1.0, 2.0]> : vector<2xbf16>) : vector<2xbf16>
  llvm.return
}
