// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The packed parameter block of docs/design/abi.md: where each argument lies, and code that reads or writes one. It
// does not know what the arguments mean.
#pragma once

#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeRange.h"

namespace lacuna {

/// Byte offset of every argument, and the size of the block rounded up to its 64-byte alignment.
struct ParameterLayout {
  static constexpr int64_t kAlignment = 64;
  llvm::SmallVector<int64_t> offsets;
  int64_t bytes = 0;
};

/// Slots (8 bytes) of one memref, tensor or scalar.
int64_t parameterSlots(mlir::Type type);

ParameterLayout layoutParameters(mlir::TypeRange types);

/// Reads the argument of `type` at `offset` of `block` (an `!llvm.ptr` of any address space). A memref comes as a
/// descriptor cast to the memref type (`unrealized_conversion_cast`). Its pointer is taken to lie in address space
/// `pointerSpace` and cast to the generic one.
mlir::Value loadParameter(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type, mlir::Value block,
                          int64_t offset, unsigned pointerSpace = 0);

/// Writes a memref or scalar at `offset` of `block`; a memref's pointer is that of its first element.
void storeParameter(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, mlir::Value block, int64_t offset);

} // namespace lacuna
