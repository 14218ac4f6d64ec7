// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which rows of which head a kernel's work item has.
#pragma once

#include "dialects/Tile/Tile.h"
#include "lib/Analysis/ScalarRegion.h"

namespace lacuna {

/// The work item that a kernel computes. `index` values. Rows are queries of one head; with a `group` above 1 they are the pairs (query, head of the group that
/// begins with `head`), heads fastest, and the tile begins within them.
struct WorkItem {
  mlir::Value batch, head, firstRow, queryLength, keyLength;
  int64_t tileM, tileN;
  mlir::Value heads; // number of query heads
  int64_t group = 1;

  /// Query and head of the row at hand, inside a tile.map.
  mlir::Value rowQuery(mlir::ImplicitLocOpBuilder &b) const;
  mlir::Value rowHead(mlir::ImplicitLocOpBuilder &b) const;
  /// The place of the row at hand, without a key.
  Coordinates rowCoordinates(mlir::ImplicitLocOpBuilder &b) const;
  /// As RowPart's queryTile.
  int64_t blockTile() const;
  AlignedTile queryTile() const { return {firstRow, blockTile()}; }
};

} // namespace lacuna
