// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Keys that a list names for each row, as bits: a list is scanned once per row and tile of keys, not once per pair (decision 0004).
#pragma once

#include "lib/Analysis/ScalarRegion.h"

namespace lacuna {

/// A predicate that asks a csr or list set, whose row does not depend on the key, for a column that moves with the key one by one.
class ListedKeys {
public:
  /// None for other predicates, and for those whose tiles of `queryTile` rows all ask the same entries: each key asks once for all rows there.
  static std::optional<ListedKeys> match(attn::PredicateOp op, int64_t queryTile);

  static int64_t wordsFor(int64_t keys);
  /// For one row, keys [k0, k0 + keys): bit i of word n says whether key k0 + 64 n + i is listed. As i64; inside a tile.map of rank 1.
  llvm::SmallVector<mlir::Value> emitWords(mlir::ImplicitLocOpBuilder &b, const Coordinates &row, mlir::Value k0, int64_t keys,
                                           const mlir::IRMapping &captures) const;
  /// Is key number `column` of the tile listed?
  static mlir::Value emitBit(mlir::ImplicitLocOpBuilder &b, mlir::ValueRange words, mlir::Value column);

private:
  mlir::Value emitEntry(mlir::ImplicitLocOpBuilder &b, mlir::Value entry, mlir::Value first, int64_t word) const;

  attn::ContainsOp contains;
  mlir::Value position; ///< in the predicate's region; its block is the column
  int64_t granule = 1;
  bool falls = false;   ///< where the next key has the position before
};

} // namespace lacuna
