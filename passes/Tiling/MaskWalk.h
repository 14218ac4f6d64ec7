// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a mask becomes inside a kernel: row intervals, segments of key tiles, a tile test and an elementwise test.
#pragma once

#include "dialects/Tile/Tile.h"
#include "lib/Analysis/IntervalTwin.h"
#include "lib/Analysis/MaskNormalForm.h"
#include "lib/Analysis/RowInterval.h"
#include "passes/Tiling/PairTest.h"

namespace lacuna {

/// Emits, at construction, the row intervals and key-tile segments of one work item; the rest where it is asked for.
class MaskWalk {
public:
  MaskWalk(mlir::ImplicitLocOpBuilder &b, mlir::Value mask, const WorkItem &item, const mlir::IRMapping &captures);

  /// Segments for tile.visit: first tile, number of partial tiles, number of full tiles.
  llvm::SmallVector<mlir::Value> starts, partial, full;
  /// Low and high end, in keys, of what each term touches.
  llvm::SmallVector<mlir::Value> hulls;

  /// True when segments alone leave tiles partial that a test may call empty or full.
  bool needsTest() const;
  /// (any, all) of the key tile that starts at `k0`.
  TileClass emitTest(mlir::ImplicitLocOpBuilder &b, mlir::Value k0);
  /// Keys of that tile, counted from `k0`, outside which no pair attends; none where the hulls say all there is.
  std::optional<KeySpan> emitKeys(mlir::ImplicitLocOpBuilder &b, mlir::Value k0, const TileClass &answer) const;

  /// Rank-1 tiles that the elementwise test needs (broadcast over rows): the ends of each term with intervals, then what opaque masks know by row.
  llvm::SmallVector<mlir::Value> rowValues() const;
  /// What holds for the whole tile at `k0`, so that its elements need no look, as i1: all keys exist; then for every opaque literal, it holds everywhere.
  llvm::SmallVector<mlir::Value> emitKnown(mlir::ImplicitLocOpBuilder &b, mlir::Value k0) const;
  /// Rank-1 tiles (broadcast over rows) that the elementwise test of the key tile at `k0` needs: the keys that lists name for each row, as bits.
  llvm::SmallVector<mlir::Value> emitListed(mlir::ImplicitLocOpBuilder &b, mlir::Value k0) const { return pairs.emitListed(b, k0); }
  /// Inside a tile.map over (queries x keys): does the element attend? `rows` are the elements of rowValues(), then of emitListed(), `known` those of emitKnown().
  mlir::Value emitAttends(mlir::ImplicitLocOpBuilder &b, mlir::Value k0, mlir::ValueRange rows, llvm::ArrayRef<mlir::Value> known) const;

private:
  struct TermTiles { // in key tiles: the term touches [hullLow, hullHigh) and fills [coreLow, coreHigh)
    mlir::Value hullLow, coreLow, coreHigh, hullHigh;
  };
  TermTiles emitTerm(mlir::ImplicitLocOpBuilder &b, const MaskTerm &term);
  std::optional<KeySpan> blockHull(mlir::ImplicitLocOpBuilder &b, const OpaqueLiteral &literal);
  void emitSingleTermSegments(mlir::ImplicitLocOpBuilder &b, const TermTiles &tiles);
  void emitSegments(mlir::ImplicitLocOpBuilder &b, llvm::ArrayRef<TermTiles> tiles);
  void widenSpan(mlir::ImplicitLocOpBuilder &b, mlir::Value mask, const KeySpan &span);
  TileClass emitLiteralClass(mlir::ImplicitLocOpBuilder &b, mlir::Value mask, mlir::Value k0) const;
  /// The item's queries and the keys [low, high) of the tile at `k0`.
  TileBox boxOf(mlir::ImplicitLocOpBuilder &b, mlir::Value k0, mlir::Value low, mlir::Value high) const;
  TileClass emitOpaqueClass(mlir::ImplicitLocOpBuilder &b, mlir::Value mask, mlir::Value k0) const;
  TileClass emitRowTest(mlir::ImplicitLocOpBuilder &b, mlir::Value k0, llvm::ArrayRef<TileClass> opaque);

  MaskNormalForm form;
  WorkItem item;
  const mlir::IRMapping &captures;
  llvm::SmallVector<mlir::Value> bounds;
  llvm::DenseMap<mlir::Value, std::optional<KeySpan>> blockHulls[2]; ///< of masks as they are, and negated
  llvm::DenseMap<mlir::Value, KeySpan> spans; ///< keys that the intervals beside an opaque mask leave to some row, in any term
  PairTest pairs;
};

} // namespace lacuna
