// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Emits calls through the emulator's table: argument slots, results, instruction names.
#pragma once

#include "passes/Emulation/OperationTable.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace lacuna {

/// What the calls of one module share.
class EmulatedCalls {
public:
  /// Defines in the module: `lacuna_emulator`, and a function for each member of the table that calls it.
  explicit EmulatedCalls(mlir::ModuleOp module);

  /// Starts a function: its calls use one pair of slot arrays at its entry. `slots` is the most arguments of a call.
  void beginFunction(mlir::LLVM::LLVMFuncOp function, size_t slots);

  /// Emits the operation before `op`, named after it. Values for results of these types, in order.
  llvm::SmallVector<mlir::Value> emitOperation(mlir::Operation *op, const EmulatedOperation &operation,
                                               mlir::TypeRange results);
  /// Emits the check of an access before `op`.
  void emitAccess(mlir::Operation *op, mlir::Value address, mlir::Value bytes, int32_t flags);

private:
  mlir::LLVM::LLVMFuncOp createForwarder(llvm::StringRef name, int32_t member, llvm::ArrayRef<mlir::Type> arguments);
  mlir::Value getSlot(mlir::ImplicitLocOpBuilder &builder, mlir::Value array, size_t slot);
  mlir::Value emitSite(mlir::ImplicitLocOpBuilder &builder, mlir::Operation *op);

  mlir::ModuleOp module;
  mlir::LLVM::GlobalOp table;
  mlir::LLVM::LLVMFuncOp operationFunction, accessFunction;
  mlir::Value arguments, results;
  unsigned sites = 0;
};

} // namespace lacuna
