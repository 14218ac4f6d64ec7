// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn.block_cover and attn.block_interior: one pair, and one box of pairs. Masks of intervals are decided row by row, exactly.
#pragma once

#include "lib/Analysis/IntervalTwin.h"

namespace lacuna {

/// True for the two ops.
bool isBlockMask(mlir::Operation *op);

/// The value of the block mask `op` at one pair.
mlir::Value emitBlockAttends(mlir::OpBuilder &b, mlir::Location loc, mlir::Operation *op, const Coordinates &at, const mlir::IRMapping &captures);

/// Class of the block mask `op` on a box; `inner` emits the class of its mask on another box.
TileClass emitBlockClass(mlir::ImplicitLocOpBuilder &b, mlir::Operation *op, const TileBox &box, const mlir::IRMapping &captures,
                         llvm::function_ref<TileClass(const TileBox &)> inner);

} // namespace lacuna
