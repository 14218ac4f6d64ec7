// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The keys that the intervals of a term leave one row, and bounds of what block masks attend. Not pairs: ScalarRegion.h.
#pragma once

#include "lib/Analysis/IntervalTwin.h"
#include "lib/Analysis/MaskNormalForm.h"

namespace lacuna {

/// Keys [low, high).
struct KeySpan {
  mlir::Value low, high;
};

/// Row interval of a term, clipped to [0, keys); empty where low >= high.
KeySpan emitRowInterval(mlir::ImplicitLocOpBuilder &b, const MaskTerm &term, const Coordinates &at, const mlir::IRMapping &captures);

/// Keys beyond which no row of the box attends, the literal being a block mask: from the intervals of its rows, and of the other rows of their blocks; not clipped
/// to the box. None where that says nothing. Costs a loop over those rows.
std::optional<KeySpan> emitBlockHull(mlir::ImplicitLocOpBuilder &b, const OpaqueLiteral &literal, const TileBox &box, const mlir::IRMapping &captures);

} // namespace lacuna
