// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where a position lies in a space whose points stand box by box (attn.neighborhood); boxes of one point: in raster order.
#pragma once

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace lacuna {

/// Points of a box.
int64_t pointsOf(llvm::ArrayRef<int64_t> box);

/// Boxes along each dimension of `extents` (index, at least 1).
llvm::SmallVector<mlir::Value> emitBoxCounts(mlir::ImplicitLocOpBuilder &b, mlir::ValueRange extents, llvm::ArrayRef<int64_t> box);

/// Coordinates of a position; those of points that only round a box up, and the first one of positions beyond the last box, exceed their extent.
llvm::SmallVector<mlir::Value> emitCoordinates(mlir::ImplicitLocOpBuilder &b, mlir::ValueRange extents, llvm::ArrayRef<int64_t> box, mlir::Value position);

} // namespace lacuna
