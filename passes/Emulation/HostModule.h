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

/// Conversions and constants of bf16 as integer operations: hosts call a library for them, and even moves of bf16
/// values pass through it. Fails on bf16 arithmetic.
mlir::LogicalResult expandBf16(mlir::LLVM::LLVMFuncOp function);

/// In a function: all pointers to the default address space, bf16 as i16 (after expandBf16).
void useHostTypes(mlir::LLVM::LLVMFuncOp function);

/// Drops the GPU's data layout and address spaces from the module and its globals.
void useHostLayout(mlir::ModuleOp module);

} // namespace lacuna
