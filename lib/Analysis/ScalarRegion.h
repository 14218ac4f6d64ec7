// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Emits the scalar regions of mask atoms and scores at a place: block arguments become coordinates, index maps become guarded loads.
#pragma once

#include "lib/Analysis/RowPart.h"
#include "lib/Analysis/ScalarRange.h"

#include "mlir/IR/IRMapping.h"

namespace lacuna {

/// Position of `x` among non-decreasing `boundaries` (a rank-1 memref of N + 1 entries): the last segment that starts at or before x, clamped to
/// [0, N), and whether x lies inside it. Never reads out of bounds, whatever the table holds.
struct SegmentResult {
  mlir::Value segment, valid;
};

/// Searches already emitted where several regions are evaluated at one place: the atoms of a document mask ask for the same document.
using SegmentCache = llvm::DenseMap<std::pair<mlir::Value, mlir::Value>, SegmentResult>;

/// What a table read gives, and whether it was in range (null: nobody needs to ask).
struct LookupResult {
  mlir::Value value, valid;
};

/// What a kernel knows by row of a predicate: the values of `part.kept()`.
struct KnownRow {
  const RowPart &part;
  llvm::DenseMap<mlir::Operation *, mlir::Value> values;
};

/// Coordinates [first, first + size), `first` a multiple of `size`: all lie in one block of any multiple of it. 0: not known.
struct AlignedTile {
  mlir::Value first;
  int64_t size = 0;
};

/// Where a mask is evaluated. All `index`; `key` is null where an expression may not depend on it.
struct Coordinates {
  mlir::Value batch, head, query, key;
  mlir::Value queryLength, keyLength;
  mlir::Value heads; ///< number of query heads
  AlignedTile queryTile = {}, keyTile = {}; ///< hold the query and the key
  SegmentCache *segments = nullptr;
  const KnownRow *known = nullptr;
  Ranges *ranges = nullptr; ///< comparisons of small numbers are made in 32 bits: twice as many in a vector
};

/// What a region yields, and whether all its table reads were in range (null: always).
struct ScalarResult {
  llvm::SmallVector<mlir::Value> values;
  mlir::Value valid;
};

SegmentResult emitSegment(mlir::OpBuilder &b, mlir::Location loc, mlir::Value boundaries, mlir::Value x);

/// Reads `table[indices]` as index or float; 0 and valid = false when out of range.
LookupResult emitLookup(mlir::OpBuilder &b, mlir::Location loc, mlir::Value table, mlir::ValueRange indices, mlir::Type type);

/// Emits what `wanted`, values of `region`, and the table reads of the region need; `arguments` are for its block arguments. The validity is that of all reads.
ScalarResult emitScalars(mlir::OpBuilder &b, mlir::Region &region, llvm::ArrayRef<mlir::Value> wanted, mlir::ValueRange arguments, const Coordinates &at,
                         const mlir::IRMapping &captures);

/// Emits `region` with `arguments` for its block arguments. `captures` maps values defined outside (tables become memrefs).
ScalarResult emitScalarRegion(mlir::OpBuilder &b, mlir::Region &region, mlir::ValueRange arguments, const Coordinates &at, const mlir::IRMapping &captures);

/// The values of `part.kept()` at one row, and whether all reads of tables by row were in range (null: there are none).
ScalarResult emitRowPart(mlir::OpBuilder &b, mlir::Region &region, const RowPart &part, const Coordinates &at, const mlir::IRMapping &captures);

/// Values from outside that the atoms reachable from `mask` and `region` (either may be null) use, in a fixed order, scalar constants left out.
llvm::SmallVector<mlir::Value> collectCaptures(mlir::Value mask, mlir::Region *region);

/// Clones the scalar constants that the same regions use and maps them in `captures`.
void cloneCapturedConstants(mlir::OpBuilder &b, mlir::Value mask, mlir::Region *region, mlir::IRMapping &captures);

/// The predicate itself on one pair, as i1 (null mask: true).
mlir::Value emitAttends(mlir::OpBuilder &b, mlir::Location loc, mlir::Value mask, const Coordinates &at, const mlir::IRMapping &captures);

} // namespace lacuna
