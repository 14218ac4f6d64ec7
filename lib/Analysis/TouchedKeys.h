// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which keys of a partial tile are touched at all, where the mask does not say so in the form of intervals: rows of a space in a box, chunks.
#pragma once

#include "lib/Analysis/IntervalTwin.h"
#include "lib/Analysis/MaskNormalForm.h"
#include "lib/Analysis/RowInterval.h"

namespace lacuna {

/// Whether every term has a literal worth asking: a predicate that divides its key (others are intervals, or nearly so) and reads no table.
bool touchesKeysByBlocks(const MaskNormalForm &form);

/// Keys of the box, counted from its first one, outside which no pair attends: asked `step` keys at a time (a multiple of them is the box's extent).
KeySpan emitTouchedKeys(mlir::ImplicitLocOpBuilder &b, const MaskNormalForm &form, const TileBox &box, int64_t step, const mlir::IRMapping &captures);

} // namespace lacuna
