// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Exact numbers of a mask at one size, by asking its probe for boxes of tiles: uniform ones are counted whole, partial tiles pair by pair.
#pragma once

#include "tools/lacuna-mask/MaskProbe.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace lacuna {

struct MaskSize {
  int64_t queries, keys, tileM, tileN;
  int64_t rowTiles() const { return (queries + tileM - 1) / tileM; }
  int64_t columnTiles() const { return (keys + tileN - 1) / tileN; }
};

enum class TileKind : uint8_t { Empty, Partial, Full };

struct MaskStatistics {
  int64_t attended = 0;                ///< pairs
  int64_t full = 0, partial = 0, empty = 0; ///< tiles, by their bits
  int64_t doubtful = 0;                ///< full or empty tiles that the analysis calls partial
  int64_t rowRuns = 0, columnRuns = 0; ///< largest number of maximal runs of attended indices in any row, column
  int64_t tiles() const { return full + partial + empty; }
};

/// Walks along the keys of each query tile, or along the queries of each key tile: the answer is the same. Memory grows with the number of columns (rows)
/// whose runs differ from their neighbours', not with the product. Where `probe.budget()` is spent, the walk ends early and the answer is none. `onTiles(row, rows, column, columns, kind)` sees every tile once, in boxes of one kind.
enum class WalkAxis { Keys, Queries };
MaskStatistics collectStatistics(BoundProbe &probe, const MaskSize &size, WalkAxis axis = WalkAxis::Keys,
                                 llvm::function_ref<void(int64_t, int64_t, int64_t, int64_t, TileKind)> onTiles = nullptr);

} // namespace lacuna
