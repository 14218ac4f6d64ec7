// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Expansions of attn.select and attn.restrict into atoms and algebra.
#pragma once

#include "dialects/Attn/Attn.h"

namespace lacuna::attn {

/// Union over the masks m_i of m_i and an interval that holds all keys where the table says i, none elsewhere.
mlir::Value expandSelect(mlir::OpBuilder &b, SelectOp op);

/// The mask on moved coordinates, and an interval of the keys and queries that it has. Null, with an error on the op, where the mask is not expanded.
mlir::Value expandRestrict(mlir::OpBuilder &b, RestrictOp op);

} // namespace lacuna::attn
