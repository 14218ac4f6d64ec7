// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Expansions of attn.select and attn.restrict into atoms and algebra.
#pragma once

#include "dialects/Attn/Attn.h"

namespace lacuna::attn {

/// True for the mask ops that attn-expand-masks leaves.
inline bool isExpandedMask(mlir::Operation *op) {
  return mlir::isa_and_nonnull<IntervalOp, EqualOp, PredicateOp, AndOp, OrOp, NotOp, BlockCoverOp, BlockInteriorOp>(op);
}

/// Union over the masks m_i of m_i and an interval that holds all keys where the table says i, none elsewhere.
mlir::Value expandSelect(mlir::OpBuilder &b, SelectOp op);

/// The mask on moved coordinates, and an interval of the keys and queries that it has. Null, with an error on the op, where the mask is not expanded.
mlir::Value expandRestrict(mlir::OpBuilder &b, RestrictOp op);

} // namespace lacuna::attn
