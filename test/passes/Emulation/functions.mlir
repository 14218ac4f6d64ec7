// Approximate functions are operation 15 (function, operand), from inline assembly, nvvm ops or intrinsics that hosts would
// call a library for.
// RUN: lacuna-opt %s --emulate-gpu | FileCheck %s

// CHECK-LABEL: llvm.func @functions(
llvm.func @functions(%params: !llvm.ptr) attributes {nvvm.kernel} {
  // CHECK: %[[X:.*]] = llvm.mlir.constant(2.5{{.*}} : f32)
  %x = llvm.mlir.constant(2.5 : f32) : f32
  // CHECK: llvm.mlir.constant(1 : i64)
  // CHECK: llvm.store %[[X]]
  // CHECK: llvm.mlir.constant(15 : i32)
  // CHECK: llvm.call @lacuna_operation
  // CHECK-NEXT: llvm.load {{.*}} -> f32
  %a = llvm.inline_asm "ex2.approx.ftz.f32 $0, $1;", "=f,f" %x : (f32) -> f32
  // CHECK: llvm.mlir.constant(1 : i64)
  %b = nvvm.inline_ptx "ex2.approx.ftz.f32 $0, $1;" ro (%x : f32) -> f32
  // CHECK: llvm.mlir.constant(4 : i64)
  %c = nvvm.rcp.approx.ftz.f %x : f32
  // CHECK: llvm.mlir.constant(0 : i64)
  %d = llvm.intr.exp2(%x) : (f32) -> f32
  // CHECK: llvm.mlir.constant(3 : i64)
  %e = llvm.call_intrinsic "llvm.nvvm.lg2.approx.ftz.f"(%x) : (f32) -> f32
  llvm.return
}
