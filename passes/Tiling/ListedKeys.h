// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Keys that a set names for each row, as bits: a row of the set is read once per row and tile of keys, not once per pair (decision 0004).
#pragma once

#include "lib/Analysis/ScalarRegion.h"
#include "lib/Analysis/SetMembership.h"

namespace lacuna {

/// A predicate that asks a set, whose row does not depend on the key, for columns that move with the key one by one: a list, or a bitmap or table of which a tile
/// has few columns.
class ListedKeys {
public:
  /// None for other predicates, and for those whose tiles of `queryTile` rows all ask the same entries: each key asks once for all rows there.
  static std::optional<ListedKeys> match(attn::PredicateOp op, int64_t queryTile, int64_t keyTile);

  static int64_t wordsFor(int64_t keys);
  /// For one row, keys [k0, k0 + keys): bit i of word n says whether key k0 + 64 n + i is listed. As i64; inside a tile.map of rank 1. `isSorted`: null, or
  /// what emitIsSorted gave for the row.
  llvm::SmallVector<mlir::Value> emitWords(mlir::ImplicitLocOpBuilder &b, const Coordinates &row, mlir::Value isSorted, mlir::Value k0, int64_t keys,
                                           const mlir::IRMapping &captures) const;
  /// Is key number `column` of the tile listed?
  static mlir::Value emitBit(mlir::ImplicitLocOpBuilder &b, mlir::ValueRange words, mlir::Value column);

  /// Does a tile of queries ask so many lists that most questions should be answered by what they hold in slots of keys (emitOccupied)?
  bool hasManyRows() const { return manyRows; }
  /// The least n (i64) for which 64 slots of 2^n keys hold `keys` keys.
  static mlir::Value emitSlotSize(mlir::ImplicitLocOpBuilder &b, mlir::Value keys);
  /// For one row: bit i is set if, and perhaps not only if, one of the keys [i << slot, (i + 1) << slot) is listed. As i64.
  mlir::Value emitOccupied(mlir::ImplicitLocOpBuilder &b, const Coordinates &row, mlir::Value slot, const mlir::IRMapping &captures) const;
  /// The slots of the keys [k0, k1), k0 < k1, as such bits.
  static mlir::Value emitSlotsOf(mlir::ImplicitLocOpBuilder &b, mlir::Value k0, mlir::Value k1, mlir::Value slot);

  /// Can the entries of a row be searched where they are sorted?
  bool isSearchable() const { return ListRow::hasFormat(attn::ContainsOp(contains).getFormat()); }
  /// i1: as lacuna::emitIsSorted.
  mlir::Value emitIsSorted(mlir::ImplicitLocOpBuilder &b, const Coordinates &row, const mlir::IRMapping &captures) const;

private:
  /// What one row asks: from which row of which set, for the positions [low, high] at its first key.
  struct Question {
    SetView set;
    mlir::Value row, low, high, valid; ///< valid: null is true
  };
  Question emitQuestion(mlir::ImplicitLocOpBuilder &b, const Coordinates &row, mlir::Value k0, const mlir::IRMapping &captures) const;
  EntryRange emitWanted(mlir::ImplicitLocOpBuilder &b, const Question &question, mlir::Value isSorted, int64_t keys) const;
  mlir::Value emitSlots(mlir::ImplicitLocOpBuilder &b, const Question &question, mlir::Value entry, int64_t shift, mlir::Value slot) const;
  /// Bits of slots that the wanted entries touch; `slot`: null for slots of one key.
  llvm::SmallVector<mlir::Value> emitWords(mlir::ImplicitLocOpBuilder &b, const Question &question, const EntryRange &wanted, int64_t count,
                                           mlir::Value slot) const;

  attn::ContainsOp contains;
  mlir::Value low, high; ///< positions in the predicate's region; their blocks are the columns
  int64_t granule = 1;
  bool falls = false; ///< where the next key has the position before
  bool manyRows = false;
};

} // namespace lacuna
