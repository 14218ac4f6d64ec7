// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The interval twin of a scalar region: the same ops, on ranges instead of values. Uniform values (from batch, head, lengths, captures) are computed as
// they are; an op it does not know gives an unknown result, never a wrong one.
#pragma once

#include "lib/Analysis/BoxPieces.h"
#include "lib/Analysis/IntervalTwin.h"
#include "lib/Analysis/RangeOps.h"

namespace lacuna {

/// What the twin knows of one scalar.
struct TwinValue {
  enum Kind { Unknown, Integer, Boolean } kind = Unknown;
  mlir::Value exact; ///< uniform: the value itself, in its own type; else null
  LinearForm form;   ///< Integer
  Tri truth;         ///< Boolean
  /// Boolean made by a signed comparison: `difference predicate 0`. Lets a select narrow its arms.
  std::optional<LinearForm> difference;
  mlir::arith::CmpIPredicate predicate = mlir::arith::CmpIPredicate::eq;
};

/// Everything the regions of one atom share: leaves, so that their values cancel, and assumptions.
struct TwinContext {
  TwinContext(mlir::ImplicitLocOpBuilder &b, const TileBox &box, const mlir::IRMapping &captures);

  RangeBuilder r;
  const TileBox &box;
  const mlir::IRMapping &captures;
  TwinValue batch, head, query, key, queryLength, keyLength;
  llvm::DenseMap<mlir::Value, TwinValue> outside; ///< captured scalars
  std::optional<Period> queryPeriod, keyPeriod;   ///< by what a region divides its coordinates, found on the way

  /// A value that is the same on the whole box.
  TwinValue uniform(mlir::Value exact);
  TwinValue integer(const Range &range);
  TwinValue boolean(Tri truth);
};

/// What a region yields on the box; `valid` says whether its table reads are in range.
struct RegionRange {
  llvm::SmallVector<TwinValue> values;
  Tri valid;
};
RegionRange emitRegionTwin(TwinContext &context, mlir::Region &region, llvm::ArrayRef<TwinValue> arguments);

/// Range of `table[indices]` over the indices inside the table, and whether some and all of them are.
struct TableRange {
  Range value;
  Tri valid;
};
/// `monotone` reads the two ends; otherwise at most 256 entries are scanned, and beyond that the element type alone bounds the value.
TableRange emitLookupRange(RangeBuilder &r, mlir::Value table, llvm::ArrayRef<Range> indices, bool monotone);
TableRange emitSegmentRange(RangeBuilder &r, mlir::Value boundaries, const Range &position);

} // namespace lacuna
