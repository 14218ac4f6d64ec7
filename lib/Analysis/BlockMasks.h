// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn.block_cover and attn.block_interior: one pair, and one box of pairs. Masks of intervals are decided row by row, exactly. What the mask of a block op
// sees are the coordinates of its frame; boxes of them are made from the rows' frames here.
#pragma once

#include "lib/Analysis/IntervalTwin.h"

namespace lacuna {

/// True for the two ops.
bool isBlockMask(mlir::Operation *op);

/// What the two ops have in common.
struct BlockMask {
  explicit BlockMask(mlir::Operation *op);
  bool isCover;
  mlir::Value mask;
  llvm::ArrayRef<int64_t> block;
  mlir::Region &frame; ///< empty: coordinates as they are
};

/// The frame of one row; `exists`: the row is one of the mask's.
struct BlockFrame {
  mlir::Value query, queries, firstKey, keys, exists;
};

BlockFrame emitFrame(mlir::ImplicitLocOpBuilder &b, const BlockMask &mask, const Coordinates &at, const mlir::IRMapping &captures);

/// Rows [begin, end) of the mask that make one block.
struct RowBlock {
  BlockFrame frame;
  mlir::Value begin, end;
};

/// `all`: every row of the box is one of the mask's.
struct RowBlocksAnswer {
  mlir::Value all;
  llvm::SmallVector<mlir::Value> state;
};

/// Goes through the rows of a box and calls `body` for each block of rows that they lie in, with the state so far.
RowBlocksAnswer forEachRowBlock(mlir::ImplicitLocOpBuilder &b, const BlockMask &mask, const TileBox &box, const mlir::IRMapping &captures,
                                mlir::ValueRange initial,
                                llvm::function_ref<llvm::SmallVector<mlir::Value, 2>(mlir::ImplicitLocOpBuilder &, const RowBlock &, mlir::ValueRange)> body);

/// The value of the block mask `op` at one pair.
mlir::Value emitBlockAttends(mlir::OpBuilder &b, mlir::Location loc, mlir::Operation *op, const Coordinates &at, const mlir::IRMapping &captures);

/// Emits the class of a block op's mask on a box of its own coordinates.
using InnerClass = llvm::function_ref<TileClass(mlir::ImplicitLocOpBuilder &, const TileBox &)>;

/// Class of the block mask `op` on a box.
TileClass emitBlockClass(mlir::ImplicitLocOpBuilder &b, mlir::Operation *op, const TileBox &box, const mlir::IRMapping &captures, InnerClass inner);

} // namespace lacuna
