// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass from tile to ROCDL.
#ifndef LACUNA_PASSES_TOROCDL_PASSES_TD
#define LACUNA_PASSES_TOROCDL_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertTileToROCDL : Pass<"convert-tile-to-rocdl", "::mlir::ModuleOp"> {
  let summary = "lower tile kernels to AMD instructions";
  let description = [{
    As convert-tile-to-nvvm, with which it shares everything but the instructions (lib/GPU). Products are `mfma.f32.32x32x8` on the transposes (Sᵀ = K·Qᵀ, Oᵀ = Vᵀ·Pᵀ), so that
    the scores leave the first product in the registers where the second one wants them; copies go through registers into LDS, which is sized at compile time. The
    kernel's one argument is its kernarg segment, the parameter block.
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect", "::mlir::LLVM::LLVMDialect", "::mlir::ROCDL::ROCDLDialect", "::mlir::scf::SCFDialect",
                           "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

#endif // LACUNA_PASSES_TOROCDL_PASSES_TD
