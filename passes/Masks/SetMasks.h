// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Expansion of masks on run-time sets to atoms: a set becomes its tensors inside attn.contains or attn.lookup.
#pragma once

#include "dialects/Attn/Attn.h"

namespace lacuna::attn {

/// Each returns the replacement, or null with an error on the op.
mlir::Value expandSetMask(mlir::OpBuilder &b, MemberOp op);
mlir::Value expandSetMask(mlir::OpBuilder &b, BlockSparseOp op);
mlir::Value expandSetMask(mlir::OpBuilder &b, ColumnRunsOp op);
mlir::Value expandSetMask(mlir::OpBuilder &b, HashedOp op);
mlir::Value expandSetMask(mlir::OpBuilder &b, VerticalSlashOp op);

} // namespace lacuna::attn
