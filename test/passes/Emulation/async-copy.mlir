// cp.async (12: destination, source, bytes, bytes to read), commit (13) and wait (14: groups that may stay pending).
// RUN: lacuna-opt %s --emulate-gpu | FileCheck %s

// CHECK-LABEL: llvm.func @copy(
// CHECK-SAME: %[[PARAMS:.*]]: !llvm.ptr)
llvm.func @copy(%params: !llvm.ptr) attributes {nvvm.kernel} {
  // CHECK: %[[ZERO:.*]] = llvm.mlir.constant(0 : i32)
  %zero = llvm.mlir.constant(0 : i32) : i32
  // CHECK: %[[GLOBAL:.*]] = llvm.load %[[PARAMS]] : !llvm.ptr -> !llvm.ptr
  %global = llvm.load %params : !llvm.ptr -> !llvm.ptr<1>
  // CHECK: llvm.mlir.constant(1 : i32)
  %shared = llvm.mlir.addressof @stage : !llvm.ptr<3>
  // CHECK: llvm.store {{.*}} : !llvm.ptr, !llvm.ptr
  // CHECK: llvm.store %[[GLOBAL]], {{.*}} : !llvm.ptr, !llvm.ptr
  // CHECK: llvm.mlir.constant(16 : i64)
  // CHECK: llvm.store %[[ZERO]], {{.*}} : i32
  // CHECK: llvm.mlir.constant(12 : i32)
  nvvm.cp.async.shared.global %shared, %global, 16, cache = cg, %zero : !llvm.ptr<3>, !llvm.ptr<1>, i32
  // Without the fourth operand all bytes are read.
  // CHECK: llvm.mlir.constant(4 : i64)
  // CHECK: llvm.mlir.constant(4 : i64)
  // CHECK: llvm.mlir.constant(12 : i32)
  nvvm.cp.async.shared.global %shared, %global, 4, cache = ca : !llvm.ptr<3>, !llvm.ptr<1>
  // CHECK: llvm.mlir.constant(13 : i32)
  nvvm.cp.async.commit.group
  // CHECK: llvm.mlir.constant(1 : i64)
  // CHECK: llvm.mlir.constant(14 : i32)
  nvvm.cp.async.wait.group 1
  llvm.return
}
llvm.mlir.global internal @stage() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<64 x i8>
