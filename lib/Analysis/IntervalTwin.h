// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Lifts masks from pairs to tiles: for ranges of queries and keys, may some pair attend, must all pairs attend? Emits scalar IR, so lengths and
// parameters stay run-time values; with constants it folds to constants.
#pragma once

#include "lib/Analysis/ScalarRegion.h"

namespace lacuna {

/// Ranges are half open and not empty: queries [q0, q1), keys [k0, k1). All `index`.
struct TileBox {
  mlir::Value batch, head;
  mlir::Value q0, q1, k0, k1;
  mlir::Value queryLength, keyLength;
  mlir::Value heads; ///< number of query heads
  AlignedTile queryTile = {}, keyTile = {}; ///< hold the ranges
};

/// Three-valued answer as two i1: `any` false = empty (never wrong), `all` true = full (never wrong), else partial.
struct TileClass {
  mlir::Value any, all;
};

/// Class of `mask` (atoms and algebra; null: all) on a box. Where a predicate divides its coordinates the box is cut at their periods.
TileClass emitTileClass(mlir::OpBuilder &b, mlir::Location loc, mlir::Value mask, const TileBox &box, const mlir::IRMapping &captures);
/// The same for a box that is small already: never cut.
TileClass emitSmallTileClass(mlir::OpBuilder &b, mlir::Location loc, mlir::Value mask, const TileBox &box, const mlir::IRMapping &captures);

/// True where every atom is an interval: emitExactTileClass then answers.
bool isIntervalAlgebra(mlir::Value mask);

/// Class of a mask of intervals, decided row by row: partial only where it is. Costs a loop over the rows of the box.
TileClass emitExactTileClass(mlir::OpBuilder &b, mlir::Location loc, mlir::Value mask, const TileBox &box, const mlir::IRMapping &captures);

} // namespace lacuna
