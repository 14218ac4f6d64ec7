// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tensors as an attention wants them: which dimension is what, and the reshapes and transposes in between (none of them where the order fits already).
#pragma once

#include "dialects/Attn/Attn.h"
#include "passes/Raise/MatchAttention.h"

namespace lacuna::raise {

/// What a dimension of a tensor holds. `Both` is batch · heads + head; a `Unit` has size 1.
enum class Role { Batch, Head, Both, Rows, Columns, Unit };

/// The dimensions of a tensor in an attention: rows are queries or keys, columns features (or keys, for tables of pairs).
struct TensorView {
  llvm::SmallVector<Role> roles;
  int64_t heads = 1; ///< dynamic where it is
  int64_t group = 0; ///< heads are two dimensions, the inner one of this size; 0: they are one

  /// Heads come after rows, as in bshd.
  bool hasHeadsInside() const;
};

/// Reads the roles from coordinates. Heads may be those of keys, which groups of query heads share, if `isGrouped`. Empty where some coordinate is anything else.
std::optional<TensorView> viewOf(Elements &elements, mlir::RankedTensorType type, llvm::ArrayRef<mlir::AffineExpr> at, Axis rows, Axis columns, bool isGrouped);

/// The tensor with four dimensions in the layout's order.
mlir::Value arrange(mlir::OpBuilder &b, mlir::Location loc, mlir::Value tensor, const TensorView &view, attn::Layout layout);

/// The inverse: a tensor of the layout with the dimensions of `view`, as `type`.
mlir::Value restore(mlir::OpBuilder &b, mlir::Location loc, mlir::Value tensor, const TensorView &view, attn::Layout layout, mlir::RankedTensorType type);

/// Moves the root of an attention forward through transposes, reshapes and roundings of its result, as long as they are its only use.
void followOutput(Attention &attention, Elements &elements);

} // namespace lacuna::raise
