// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Counts the N-D tiles that a mask over an N-D space visits (NATTEN's simulator, for any mask): queries and keys are points in raster order, cut into boxes.
#pragma once

#include "tools/lacuna-mask/MaskProbe.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace lacuna {

/// A space and its tiles; tiles at the upper borders are cut off.
struct TiledSpace {
  std::vector<int64_t> extents, queryTile, keyTile;

  size_t rank() const { return extents.size(); }
  int64_t points() const;
  int64_t queryTiles() const;
  int64_t keyTiles() const;
  TiledSpace axis(size_t dim) const { return {{extents[dim]}, {queryTile[dim]}, {keyTile[dim]}}; }
};

struct SpaceStatistics {
  double attended = 0; ///< pairs; a double, for products of axes
  double full = 0, visited = 0, total = 0; ///< pairs of a query and a key tile
  std::vector<int64_t> worstTile;          ///< the query tile that visits most key tiles, by its number in each dimension; empty without tiles
  int64_t worstVisited = 0;

  double partial() const { return visited - full; }
  double empty() const { return total - visited; }
};

/// Any mask, by boxes of whole raster lines; memory grows with the number of key tiles. Ends early, without an answer, where `probe.budget()` is spent.
SpaceStatistics simulateSpace(BoundProbe &probe, const TiledSpace &space);

/// True where every visited tile is full; stops at the first query tile that visits another, or where `probe.budget()` is spent.
bool isBlockSparse(BoundProbe &probe, const TiledSpace &space);

/// A mask that is the product of one mask for each dimension, from the statistics of those: exact, and independent of the size of the space.
SpaceStatistics multiplyAxes(llvm::ArrayRef<SpaceStatistics> axes);

} // namespace lacuna
