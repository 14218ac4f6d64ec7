// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whether an opaque literal of a mask holds at one element, and what of that is computed before: by row and work item, or by row and tile of keys.
#pragma once

#include "lib/Analysis/MaskNormalForm.h"
#include "passes/Tiling/ListedKeys.h"
#include "passes/Tiling/WorkItem.h"

namespace lacuna {

class PairTest {
public:
  PairTest(const WorkItem &item, const mlir::IRMapping &captures) : item(item), captures(captures) {}

  /// Emits what a literal's mask knows by row of the work item.
  void add(mlir::ImplicitLocOpBuilder &b, mlir::Value mask);
  /// Are the mask's keys listed? Then a bit is asked faster than the list.
  bool isListed(mlir::Value mask) const { return listed.contains(mask.getDefiningOp()); }

  /// i1: may a pair of the key tile at `k0` hold, by what is known of the rows? Null where nothing is known.
  mlir::Value emitMayHold(mlir::ImplicitLocOpBuilder &b, mlir::Value mask, mlir::Value k0) const;

  /// Rank-1 tiles (broadcast over rows) that the elementwise test needs.
  llvm::SmallVector<mlir::Value> rowValues() const;
  /// Those that it needs of the key tile at `k0`: the keys that lists name for each row, as bits.
  llvm::SmallVector<mlir::Value> emitListed(mlir::ImplicitLocOpBuilder &b, mlir::Value k0) const;
  /// The literal at one element; `rows` are the elements of rowValues(), then of emitListed().
  mlir::Value emitHolds(mlir::ImplicitLocOpBuilder &b, const OpaqueLiteral &literal, const Coordinates &at, mlir::ValueRange rows) const;

private:
  struct Listed {
    ListedKeys keys;
    mlir::Value isSorted; ///< by row (i32), null where that is never asked
    mlir::Value occupied; ///< by row: ListedKeys::emitOccupied; null where that does not pay
  };

  void emitEqualRows(mlir::ImplicitLocOpBuilder &b, attn::EqualOp op);
  void emitPredicateRows(mlir::ImplicitLocOpBuilder &b, attn::PredicateOp op);
  void addListed(mlir::ImplicitLocOpBuilder &b, attn::PredicateOp op, const ListedKeys &keys);
  using RowBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::ImplicitLocOpBuilder &, const Coordinates &row, mlir::Value isSorted)>;
  mlir::ResultRange mapRows(mlir::ImplicitLocOpBuilder &b, const Listed &list, llvm::ArrayRef<mlir::Type> elements, RowBody body) const;
  mlir::Value emitEqual(mlir::ImplicitLocOpBuilder &b, attn::EqualOp op, const Coordinates &at, mlir::ValueRange rows) const;
  mlir::Value emitPredicate(mlir::ImplicitLocOpBuilder &b, attn::PredicateOp op, const Coordinates &at, mlir::ValueRange rows) const;
  /// Of the rows those of one mask; empty if it knows nothing by row.
  mlir::ValueRange rowsOf(mlir::Operation *mask, mlir::ValueRange rows) const;
  /// Of the rows the words of one mask's listed keys.
  mlir::ValueRange wordsOf(mlir::Operation *mask, mlir::ValueRange rows) const;

  WorkItem item;
  const mlir::IRMapping &captures;
  mlir::Value slot; ///< of `occupied`: ListedKeys::emitSlotSize
  /// What opaque masks know by row: of an `equal` its query side, of a predicate what its RowPart keeps; then, unless all reads always are, whether they were in
  /// range (i32).
  llvm::MapVector<mlir::Operation *, llvm::SmallVector<mlir::Value>> known;
  llvm::MapVector<mlir::Operation *, Listed> listed; ///< predicates whose keys are listed: instead of values in `known`
};

} // namespace lacuna
