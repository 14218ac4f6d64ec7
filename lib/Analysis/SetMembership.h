// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads run-time sets: is there an entry between two columns in a row, and the same for ranges of rows and columns. Entries are scanned: order and
// repetition cannot matter, nothing is prepared, and nothing outside a table is read. Tables of attn-tabulate-sets are read at the entry (decision 0004).
#pragma once

#include "dialects/Attn/Attn.h"
#include "lib/Analysis/RangeBuilder.h"

#include "mlir/IR/IRMapping.h"

namespace lacuna {

/// The tables of a set (memrefs, in the order of its constructor) for one batch entry and query head of `heads`.
struct SetView {
  attn::SetFormat format;
  llvm::SmallVector<mlir::Value> tables;
  mlir::Value batch, head, heads;
  bool inBounds = false; ///< as in attn.contains
};

/// The set of an attn.contains whose operands are mapped by `mapping`.
SetView setViewOf(attn::ContainsOp op, const mlir::IRMapping &mapping, mlir::Value heads);

/// Emits what an entry, an `index`, makes of the state so far.
using EntryBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::ImplicitLocOpBuilder &, mlir::Value entry, mlir::ValueRange state)>;

/// Goes through the entries of a row of a csr or list set, all of them, in their order. A row outside the tables leaves `initial`.
llvm::SmallVector<mlir::Value> foldEntries(mlir::ImplicitLocOpBuilder &b, const SetView &set, mlir::Value row, mlir::ValueRange initial, EntryBody body);

/// i1: row `row` has an entry e with low <= e <= high.
mlir::Value emitContains(mlir::ImplicitLocOpBuilder &b, const SetView &set, mlir::Value row, mlir::Value low, mlir::Value high);

/// The same for all rows of `row` and all pairs of ends: `any` false where none has one, `all` true where all have. `isPoint` says that low = high for
/// every pair, column by column.
Tri emitContainsRange(RangeBuilder &r, SetView set, const Range &row, const Range &low, const Range &high, bool isPoint);

/// Indices of a table whose first two dimensions may be shared (attn.lookup `grouped`): batch 0 where there is one only, the head's group.
void emitGroupIndices(mlir::ImplicitLocOpBuilder &b, mlir::Value table, mlir::Value heads, mlir::Value &batch, mlir::Value &head);

} // namespace lacuna
