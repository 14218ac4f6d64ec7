// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Emulation passes. Keep alphabetical.
#ifndef LACUNA_PASSES_EMULATION_PASSES_TD
#define LACUNA_PASSES_EMULATION_PASSES_TD

include "mlir/Pass/PassBase.td"

def EmulateCpu : Pass<"emulate-cpu", "::mlir::ModuleOp"> {
  let summary = "replace instructions that this machine may lack by loops on vectors";
  let description = [{
    Right after `convert-tile-to-cpu`, for `--target=emulate:CHIP` with a CPU that has matrix instructions: every `amx` tile becomes a buffer on the stack, its loads
    and stores loops, its products calls of a function of loops; a dot product of bf16 pairs becomes two fused multiply-adds. Nothing of the chip is left but the layout of its operands.

    ```mlir
    %c = amx.tile_zero : !amx.tile<16x16xf32>
    // becomes
    %c = memref.alloca() {alignment = 64 : i64} : memref<16x16xf32>
    scf.for %i = %c0 to %c16 step %c1 { vector.store %zero, %c[%i, %c0] : memref<16x16xf32>, vector<16xf32> }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def EmulateGpu : Pass<"emulate-gpu", "::mlir::ModuleOp"> {
  let summary = "turn NVIDIA kernels into host code that runs in the emulator";
  let description = [{
    Runs last, on kernels in the `llvm` and `nvvm` dialects (before `convert-nvvm-to-llvm`), in the module itself or in
    its `gpu.module`s, which dissolve. Afterwards the module translates to LLVM IR for the host: each kernel is
    `void K(const void *params)`, what one GPU thread does, and the only symbol it needs is `lacuna_emulator`, which the
    module defines and the runtime sets.

    * Every `nvvm` op and every known inline assembly becomes a call `operation(number, arguments, results, site)`
      through that table (runtime/emulator/EmulatorAbi.h). An unknown one is an error.
    * A call `access(address, bytes, flags, site)` stands before every load and store that may touch global or shared
      memory; stack slots and constants need none.
    * Shared globals become offsets into the block's shared buffer, statically sized ones first. All pointers become
      plain host pointers. A kernel's attribute `lacuna.shared_bytes` comes with the dynamic bytes of a launch (none: 0)
      and leaves with all bytes of a block, static ones included.
    * bf16 values travel as i16, and their conversions become integer arithmetic: hosts call a library for them. bf16
      arithmetic is an error; expand it to f32 before.

    Example (test/passes/Emulation/synchronisation.mlir):

    ```mlir
    nvvm.barrier0
    ```
    becomes, after stores of its arguments id 0, all threads, no reduction and no predicate into slots,
    ```mlir
    %number = llvm.mlir.constant(3 : i32) : i32
    %site = llvm.mlir.addressof @lacuna_site0 : !llvm.ptr
    llvm.call @lacuna_operation(%number, %arguments, %results, %site) : (i32, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // LACUNA_PASSES_EMULATION_PASSES_TD
