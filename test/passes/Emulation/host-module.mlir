// GPU modules dissolve; attributes that only a GPU understands go; helper functions are rewritten like kernels; host code
// beside them stays as it is.
// RUN: lacuna-opt %s --emulate-gpu | FileCheck %s

// CHECK: module {
module attributes {gpu.container_module, llvm.data_layout = "e-i64:64", llvm.target_triple = "nvptx64-nvidia-cuda"} {
  // CHECK-LABEL: llvm.func @host(
  // CHECK-NOT: lacuna_access
  llvm.func @host(%p: !llvm.ptr) -> i32 {
    // CHECK: llvm.load
    %v = llvm.load %p : !llvm.ptr -> i32
    llvm.return %v : i32
  }
  // CHECK-NOT: gpu.module
  gpu.module @device [#nvvm.target<chip = "sm_80">] {
    // CHECK-LABEL: llvm.func @kernel(
    // CHECK-SAME: %{{[^:]*}}: !llvm.ptr) attributes {lacuna.shared_bytes = 0 : i64} {
    llvm.func ptx_kernelcc @kernel(%p: !llvm.ptr {llvm.byval = !llvm.array<64 x i8>, llvm.align = 64 : i64, nvvm.grid_constant})
        attributes {gpu.kernel, nvvm.kernel, nvvm.reqntid = array<i32: 128>, target_cpu = "sm_80"} {
      %v = llvm.call @helper(%p) : (!llvm.ptr) -> i32
      llvm.return
    }
    // CHECK-LABEL: llvm.func internal @helper(
    // CHECK: llvm.call @lacuna_operation
    llvm.func internal @helper(%p: !llvm.ptr) -> i32 {
      %t = nvvm.read.ptx.sreg.tid.x : i32
      llvm.return %t : i32
    }
  }
}
