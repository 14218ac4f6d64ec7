// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One pipeline per target, each a short function that lists its passes in order.
#pragma once

#include "lib/Target/Target.h"

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace lacuna {

/// Spaces, layouts and shared copies of tile kernels for a CPU, and their cost twins. Before the host's pipeline: launches must still be on tensors.
void buildCpuMemoryPipeline(mlir::OpPassManager &pm);

/// After the host's: tile.kernel → functions on vectors (upstream dialects only), for a module whose `tile.target` is a CPU. With `emulate` its matrix
/// instructions are loops.
void buildCpuPipeline(mlir::OpPassManager &pm, bool emulate = false);

struct ToLLVMOptions {
  bool reference = false; ///< code of the reference: its math functions stay libm's
};

/// First of all, once per module: everything an entry calls is inlined, and its result shapes get a function.
void buildPreparePipeline(mlir::OpPassManager &pm);

/// Entries on tensors (with tile.launch, or the loops of the reference) to entry points of the artifact ABI on memrefs and loops.
void buildHostPipeline(mlir::OpPassManager &pm);

/// What is left (entry points, kernels as functions) to the LLVM dialect.
void buildToLLVMPipeline(mlir::OpPassManager &pm, const ToLLVMOptions &options = {});

/// Names the three above, and buildCpuMemoryPipeline, for lacuna-opt.
void registerHostPipelines();

/// tile.kernel → `gpu.module @kernels` of llvm.func with nvvm operations, for a module whose `tile.target` is an NVIDIA chip. What is left to do is
/// convert-nvvm-to-llvm and code generation (GpuCode.h); the emulator's rewrite starts here too.
void buildNvvmPipeline(mlir::OpPassManager &pm);

/// The same with rocdl operations, for an AMD chip.
void buildRocdlPipeline(mlir::OpPassManager &pm);

} // namespace lacuna
