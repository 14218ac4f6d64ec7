// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a map computes for each key, whichever the query, with a loop, a branch or a division by a run-time value: groups of queries would repeat it.
#pragma once

#include "dialects/Tile/Tile.h"

namespace lacuna {

/// Moves such values of a rank-2 map into a map over its columns, which the map then reads. Returns the columns' tiles; none if there was nothing to move.
llvm::SmallVector<mlir::Value> hoistPerKeyValues(tile::MapOp map);

} // namespace lacuna
