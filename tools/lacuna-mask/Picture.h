// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A mask as an SVG picture: full, partial and empty tiles shaded, single pairs where the mask is small.
#pragma once

#include "tools/lacuna-mask/MaskStatistics.h"

#include "llvm/Support/raw_ostream.h"

namespace lacuna {

/// Gathers tiles into at most 128 x 128 cells, so that the picture of a long mask stays small.
class Picture {
public:
  explicit Picture(const MaskSize &size);

  /// A box of tiles of one kind, as collectStatistics reports it.
  void add(int64_t row, int64_t rows, int64_t column, int64_t columns, TileKind kind);
  /// Pairs are drawn one by one.
  bool showsPairs() const { return size.queries <= kMaxPairs && size.keys <= kMaxPairs; }
  void addPairs(BoundProbe &probe);

  void write(llvm::raw_ostream &os, llvm::StringRef title, const MaskStatistics &statistics) const;

private:
  static constexpr int64_t kMaxCells = 128, kMaxPairs = 128;

  struct Cell {
    int32_t full = 0, partial = 0, empty = 0;
    TileKind kind() const { return partial || (full && empty) ? TileKind::Partial : full ? TileKind::Full : TileKind::Empty; }
  };
  void writeCells(llvm::raw_ostream &os, double scale) const;
  void writePairs(llvm::raw_ostream &os, double scale) const;

  MaskSize size;
  int64_t step; ///< tiles per cell and side
  int64_t rows, columns;
  std::vector<Cell> cells;
  std::vector<int8_t> pairs;
};

} // namespace lacuna
