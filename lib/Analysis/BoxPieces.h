// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cuts a box where a coordinate that a region divides begins a new period (a row of an image, a chunk). Inside of one period quotient and remainder are
// linear, so the twin is exact where on the whole box it must take every remainder as possible.
#pragma once

#include "lib/Analysis/IntervalTwin.h"
#include "lib/Analysis/RangeBuilder.h"

namespace lacuna {

/// (coordinate + offset) is divided by length. Any values are sound: they only choose where to cut.
struct Period {
  mlir::Value offset, length;
};

/// Joins the classes of the pieces of `box`, where `whole`, the class of the box, is partial and there are pieces. At most sixteen along each side; a side
/// with more stays whole. `classify` emits the class of one piece.
Tri emitByPieces(mlir::ImplicitLocOpBuilder &b, const TileBox &box, const std::optional<Period> &query, const std::optional<Period> &key, Tri whole,
                 llvm::function_ref<Tri(mlir::ImplicitLocOpBuilder &, const TileBox &)> classify);

} // namespace lacuna
