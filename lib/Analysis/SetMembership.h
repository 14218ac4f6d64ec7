// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Questions to run-time sets: is there an entry between two columns in a row, and the same for ranges of rows and columns. Entries are scanned, or searched where
// somebody has seen that they ascend: order and repetition cannot matter, nothing is prepared, and nothing outside a table is read. Tables of attn-tabulate-sets are
// read at the entry (decision 0004).
#pragma once

#include "lib/Analysis/RangeBuilder.h"
#include "lib/Analysis/SetRows.h"

namespace lacuna {

/// Which entries of a row are wanted: those of [first, last].
struct EntryRange {
  mlir::Value first, last;
  mlir::Value isSorted = {}; ///< what emitIsSorted gave for the row: where true, no other entry is looked at
};

/// Emits what an entry, an `index`, makes of the state so far.
using EntryBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::ImplicitLocOpBuilder &, mlir::Value entry, mlir::ValueRange state)>;

/// Goes through the wanted entries of a row of a csr, list, bitmap or table set, and perhaps through others. A row outside the tables leaves `initial`.
llvm::SmallVector<mlir::Value> foldEntries(mlir::ImplicitLocOpBuilder &b, const SetView &set, mlir::Value row, const EntryRange &wanted,
                                           mlir::ValueRange initial, EntryBody body);

/// i1: the entries of a row of a csr or list set ascend, and are so many that they are better searched than scanned. Costs a scan where they are many.
mlir::Value emitIsSorted(mlir::ImplicitLocOpBuilder &b, const SetView &set, mlir::Value row);

/// i1: the row has a wanted entry.
mlir::Value emitContains(mlir::ImplicitLocOpBuilder &b, const SetView &set, mlir::Value row, const EntryRange &wanted);

/// The same for all rows of `row` and all pairs of ends: `any` false where none has one, `all` true where all have. `isPoint` says that low = high for
/// every pair, column by column.
Tri emitContainsRange(RangeBuilder &r, SetView set, const Range &row, const Range &low, const Range &high, bool isPoint);

} // namespace lacuna
