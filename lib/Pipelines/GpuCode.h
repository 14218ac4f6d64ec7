// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Device code of a GPU: what the pipelines return, and the way from an LLVM-dialect module to it.
#pragma once

#include "lib/Target/Target.h"

#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <vector>

namespace lacuna {

/// One kernel of the device code.
struct GpuKernel {
  std::string name;       // of the tile.kernel
  std::string symbol;     // in the code: PTX knows no dots
  int64_t threads;        // block = (threads, 1, 1)
  int64_t sharedBytes;    // NVIDIA: dynamic, to be given at launch; AMD: already in the code
  int64_t parameterBytes; // of the parameter block
};

struct GpuCode {
  std::string text;         // PTX or AMD assembly
  std::vector<char> binary; // cubin or HSACO; empty without an assembler
  std::string assemblerLog; // what ptxas -v said: registers and spills per kernel
  std::vector<GpuKernel> kernels;
};

/// PTX of the `gpu.module @kernels` of a module lowered by buildNvvmPipeline.
mlir::FailureOr<GpuCode> emitNvvm(mlir::ModuleOp module, const TargetDescription &target);
/// Adds the cubin of the PTX in `code`. `ptxas`: path of the assembler; empty: LACUNA_PTXAS, CUDA_HOME, then PATH.
/// Without any, a warning and no cubin.
mlir::LogicalResult assemblePtx(mlir::ModuleOp module, const TargetDescription &target, llvm::StringRef ptxas,
                                GpuCode &code);
/// Assembly and HSACO of a module lowered by buildRocdlPipeline, both in process.
mlir::FailureOr<GpuCode> emitRocdl(mlir::ModuleOp module, const TargetDescription &target);

/// Tile kernels of `module` (which is changed) to device code: the pipeline, then the above.
mlir::FailureOr<GpuCode> compileNvvm(mlir::ModuleOp module, const TargetDescription &target,
                                     llvm::StringRef ptxas = "");
mlir::FailureOr<GpuCode> compileRocdl(mlir::ModuleOp module, const TargetDescription &target);

/// The first ptxas found by the rule above, or an empty string.
std::string findPtxas(llvm::StringRef path);

} // namespace lacuna
