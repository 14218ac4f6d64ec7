// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The part of a predicate's region that does not see the key: the same for all key tiles of a work item, so a kernel computes it once per row.
#pragma once

#include "dialects/Attn/Attn.h"

namespace lacuna {

/// What of a predicate's region depends on batch, head and query alone.
class RowPart {
public:
  /// `queryTile`: tiles of queries begin at multiples of it, and their number in blocks of a multiple of it is one for the tile (0: not known).
  RowPart(mlir::Region &region, int64_t queryTile);

  /// Ops of the block, in its order, whose values are worth keeping by row: reads of tables and what takes several steps, as far as the rest uses them.
  llvm::ArrayRef<mlir::Operation *> kept() const { return keptOps; }
  /// Whether a table is read by row: whether its index was in range is one more value by row.
  bool reads() const { return readsTables; }
  /// Ops that the kept values need, themselves and all reads among them.
  bool isOfRow(mlir::Operation *op) const { return rowOps.contains(op); }
  /// Ops that the predicate still needs where the kept values are known.
  bool isOfPair(mlir::Operation *op) const { return pairOps.contains(op); }

private:
  void findRowOps(mlir::Block &block, int64_t queryTile);
  void findPairOps(mlir::Block &block);
  /// Steps that keeping the value saves at each pair; 0: it is the same for the whole tile.
  int64_t costOf(mlir::Operation &op, int64_t queryTile) const;

  llvm::SmallVector<mlir::Operation *> keptOps;
  bool readsTables = false;
  llvm::SmallPtrSet<mlir::Operation *, 16> rowOps, pairOps;
  llvm::DenseMap<mlir::Operation *, int64_t> costs;
};

} // namespace lacuna
