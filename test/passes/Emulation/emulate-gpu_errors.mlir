// What emulate-gpu does not know is an error at its place.
// RUN: lacuna-opt %s --emulate-gpu --split-input-file --verify-diagnostics

llvm.func @unknown_op(%params: !llvm.ptr) attributes {nvvm.kernel} {
  // expected-error @+1 {{expects a GPU operation that the emulator knows, but got 'nvvm.wgmma.fence.aligned'}}
  nvvm.wgmma.fence.aligned
  llvm.return
}

// -----

llvm.func @unknown_assembly(%params: !llvm.ptr) attributes {nvvm.kernel} {
  %x = llvm.mlir.constant(2.5 : f32) : f32
  // expected-error @+1 {{expects inline assembly that the emulator knows, but got "ex3.approx.f32 $0, $1;"}}
  %a = llvm.inline_asm "ex3.approx.f32 $0, $1;", "=f,f" %x : (f32) -> f32
  llvm.return
}

// -----

llvm.func @two_instructions(%params: !llvm.ptr) attributes {nvvm.kernel} {
  %x = llvm.mlir.constant(2.5 : f32) : f32
  // expected-error @+1 {{expects inline assembly that the emulator knows, but got "ex2.approx.ftz.f32 $0, $1; neg.f32 $0, $0;"}}
  %a = llvm.inline_asm "ex2.approx.ftz.f32 $0, $1; neg.f32 $0, $0;", "=f,f" %x : (f32) -> f32
  llvm.return
}

// -----

llvm.func @predicated_assembly(%params: !llvm.ptr) attributes {nvvm.kernel} {
  %x = llvm.mlir.constant(2.5 : f32) : f32
  %p = llvm.mlir.constant(true) : i1
  // expected-error @+1 {{expects inline assembly without predicate and rw operands, but got "ex2.approx.ftz.f32 $0, $1;"}}
  %a = nvvm.inline_ptx "ex2.approx.ftz.f32 $0, $1;" ro (%x : f32), predicate = %p -> f32
  llvm.return
}

// -----

llvm.func @wrong_type(%params: !llvm.ptr) attributes {nvvm.kernel} {
  %x = llvm.mlir.constant(2.5 : f64) : f64
  // expected-error @+1 {{expects 'llvm.intr.exp2' from f32 to f32, but got another type}}
  %a = llvm.intr.exp2(%x) : (f64) -> f64
  llvm.return
}

// -----

llvm.func @mma_to_f16(%params: !llvm.ptr) attributes {nvvm.kernel} {
  %a = llvm.mlir.constant(dense<0.0> : vector<2xf16>) : vector<2xf16>
  // expected-error @+1 {{expects an mma.sync of shape m16n8k8 or m16n8k16 (f16, bf16), m16n8k4 or m16n8k8 (tf32), row x col, to f32, but got 'nvvm.mma.sync'}}
  %d = nvvm.mma.sync A[%a, %a, %a, %a] B[%a, %a] C[%a, %a]
      {layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, shape = #nvvm.shape<m = 16, n = 8, k = 16>}
      : (vector<2xf16>, vector<2xf16>, vector<2xf16>) -> !llvm.struct<(vector<2xf16>, vector<2xf16>)>
  llvm.return
}

// -----

llvm.func @other_dialect(%params: !llvm.ptr) attributes {nvvm.kernel} {
  // expected-error @+1 {{expects llvm and nvvm operations in a kernel, but got 'arith.constant'}}
  %c = arith.constant 1 : i32
  llvm.return
}

// -----

llvm.func @__nv_expf(f32) -> f32
llvm.func @library_call(%params: !llvm.ptr) attributes {nvvm.kernel} {
  %x = llvm.mlir.constant(2.5 : f32) : f32
  // expected-error @+1 {{expects a call of a function in this module, but got '__nv_expf'}}
  %a = llvm.call @__nv_expf(%x) : (f32) -> f32
  llvm.return
}

// -----

// expected-error @+1 {{expects a kernel with one pointer to its parameter block, but got '!llvm.func<void (ptr, i64)>'}}
llvm.func @two_parameters(%params: !llvm.ptr, %n: i64) attributes {nvvm.kernel} {
  llvm.return
}

// -----

llvm.func @gather(%params: !llvm.ptr) attributes {nvvm.kernel} {
  %p = llvm.mlir.undef : vector<2x!llvm.ptr<1>>
  %mask = llvm.mlir.constant(dense<true> : vector<2xi1>) : vector<2xi1>
  // expected-error @+1 {{expects a memory access that the emulator checks, but got 'llvm.intr.masked.gather'}}
  %v = llvm.intr.masked.gather %p, %mask {alignment = 4 : i32} : (vector<2x!llvm.ptr<1>>, vector<2xi1>) -> vector<2xf32>
  llvm.return
}

// -----

llvm.mlir.global internal @shared() {addr_space = 3 : i32} : !llvm.array<4 x f32>
llvm.func @shared_in_helper() {
  // expected-error @+1 {{expects shared memory in kernels only, but got a use in 'shared_in_helper'}}
  %s = llvm.mlir.addressof @shared : !llvm.ptr<3>
  llvm.return
}
llvm.func @kernel(%params: !llvm.ptr) attributes {nvvm.kernel} {
  llvm.return
}

// -----

gpu.module @a {
  llvm.func @k(%params: !llvm.ptr) attributes {nvvm.kernel} {
    llvm.return
  }
}
gpu.module @b {
  // expected-error @+1 {{expects one definition of 'k', but got two}}
  llvm.func @k(%params: !llvm.ptr) attributes {nvvm.kernel} {
    llvm.return
  }
}

// -----

llvm.func @bf16_arithmetic(%params: !llvm.ptr) attributes {nvvm.kernel} {
  %x = llvm.load %params : !llvm.ptr -> bf16
  // expected-error @+1 {{expects bf16 values to be converted or moved only, but got 'llvm.fadd'}}
  %y = llvm.fadd %x, %x : bf16
  llvm.return
}
