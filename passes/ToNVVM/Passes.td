// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass from tile to NVVM.
#ifndef LACUNA_PASSES_TONVVM_PASSES_TD
#define LACUNA_PASSES_TONVVM_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertTileToNVVM : Pass<"convert-tile-to-nvvm", "::mlir::ModuleOp"> {
  let summary = "lower tile kernels to NVIDIA instructions";
  let description = [{
    Every `tile.kernel` becomes an `llvm.func` in `gpu.module @kernels`, with the parameter block (docs/design/abi.md) as its one by-value argument. Tiles in registers become
    SSA scalars, tiles in shared memory pointers into one dynamically sized buffer. Products are `mma.sync.m16n8k16` fed by `ldmatrix`, copies `cp.async`.
    Scalar code stays in arith, scf and memref; only upstream dialects come out. Expects what the three memory passes leave. The grid is (query tile, head, batch).
    `.cost` twins (kernels with results) are the host's: they are erased here.
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect", "::mlir::LLVM::LLVMDialect", "::mlir::NVVM::NVVMDialect", "::mlir::scf::SCFDialect",
                           "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

#endif // LACUNA_PASSES_TONVVM_PASSES_TD
