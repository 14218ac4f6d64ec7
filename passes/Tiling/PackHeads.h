// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Few queries and grouped heads: the rows of a tile are the pairs (query, query head of the group), so that K and V are read once for the group. Rows of Q and
// of the results then lie two strides apart: an address map of the kernel, like gathered rows; nothing is copied.
#pragma once

#include "dialects/Attn/Attn.h"
#include "dialects/Tile/Tile.h"

namespace lacuna {

/// Q or a result as (…, row) or (…, row, feature), rows counted in elements; `heads` and `queries` are the strides of the dimensions that the rows replace.
struct PackedRows {
  mlir::Value memory, heads, queries;
};
PackedRows packRows(mlir::ImplicitLocOpBuilder &b, mlir::Value memory, int64_t headDim, int64_t queryDim);

/// Fills the map of a load or store of `rows`: row r is query r / group of head firstHead + r % group.
void emitPackedMap(mlir::Operation *loadOrStore, const PackedRows &rows, mlir::Value firstHead, int64_t group);

} // namespace lacuna
