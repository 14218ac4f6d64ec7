// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rows of a memref in global memory as pointers: the part of a load, store or copy that scalar memref operations do not
// cover.
#pragma once

#include "lib/GPU/RegisterTile.h"

namespace lacuna {

/// The rows below `source[indices...]`: `base` is the first element's address in global memory, rows lie `rowStride`
/// elements (i64) apart.
struct GlobalRows {
  mlir::Value base, rowStride;
  mlir::Type element;

  GlobalRows(const Build &build, mlir::TypedValue<mlir::MemRefType> source, mlir::ValueRange indices);
  /// Address of an element; row and column are index values.
  mlir::Value address(const Build &build, mlir::Value row, mlir::Value column) const;
  /// Whether base and rows are aligned to `bytes` (an i1).
  mlir::Value isAligned(const Build &build, int64_t bytes) const;
};

/// Number of columns of `source` (an index).
mlir::Value columnsOf(const Build &build, mlir::TypedValue<mlir::MemRefType> source);
/// True if `source` is known to have at least `columns` columns.
bool hasColumns(mlir::MemRefType source, int64_t columns);

} // namespace lacuna
