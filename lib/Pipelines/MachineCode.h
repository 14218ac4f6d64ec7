// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LLVM's code generation for one gpu.module, in process.
#pragma once

#include "lib/Pipelines/GpuCode.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace lacuna {

/// The gpu.module with the kernels; reports an error if there is none.
mlir::FailureOr<mlir::gpu::GPUModuleOp> kernelModule(mlir::ModuleOp module);

/// Names and resources of its kernels.
std::vector<GpuKernel> kernelsOf(mlir::gpu::GPUModuleOp module);

/// Translates the module, optimises it and generates assembly, or an object if `object`.
mlir::FailureOr<llvm::SmallString<0>> generateCode(mlir::gpu::GPUModuleOp module, const TargetDescription &target,
                                                   bool object);

} // namespace lacuna
