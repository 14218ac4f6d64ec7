// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One pipeline per target, each a short function that lists its passes in order.
#pragma once

#include "lib/Target/Target.h"

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace lacuna {

/// tile.kernel → functions on vectors (upstream dialects only), for a module whose `tile.target` is a CPU.
void buildCpuPipeline(mlir::OpPassManager &pm);

/// tile.kernel → `gpu.module @kernels` of llvm.func with nvvm operations, for a module whose `tile.target` is an NVIDIA chip. What is left to do is
/// convert-nvvm-to-llvm and code generation (GpuCode.h); the emulator's rewrite starts here too.
void buildNvvmPipeline(mlir::OpPassManager &pm);

/// The same with rocdl operations, for an AMD chip.
void buildRocdlPipeline(mlir::OpPassManager &pm);

} // namespace lacuna
