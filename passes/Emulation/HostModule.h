// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of emulate-gpu that know nothing of emulation: a GPU module becomes one that translates for the host.
#pragma once

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace lacuna {

bool isKernel(mlir::LLVM::LLVMFuncOp function);
bool isShared(mlir::LLVM::GlobalOp global);

/// The functions to emulate: those of the `gpu.module`s, which dissolve into the module, or else all of the module if
/// it has a kernel. Fails if two modules define one symbol.
mlir::FailureOr<llvm::SmallVector<mlir::LLVM::LLVMFuncOp>> takeGpuFunctions(mlir::ModuleOp module);

/// Drops what only a GPU understands from a function and its accesses: attributes, calling convention, invariant loads
/// (which could move above their check).
void dropGpuAttributes(mlir::LLVM::LLVMFuncOp function);

/// `llvm.fptrunc` from f32 to bf16, which hosts call a library for, by integers: round to nearest, ties to even, NaNs
/// stay.
void expandBf16Truncation(mlir::LLVM::FPTruncOp op);

/// All pointers to the default address space, and the data layout of the host.
void useHostPointers(mlir::ModuleOp module);

} // namespace lacuna
