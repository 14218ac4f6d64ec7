// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Maps that ask a flag of the whole tile (`ori flag, …`: a mask that may be known to hold everywhere): where the flags hold, what they make superfluous
// need not be computed.
#pragma once

#include "dialects/Tile/Tile.h"

#include "llvm/ADT/SetVector.h"

namespace lacuna {

/// Flags of the whole tile that the map asks: i1 values from outside, in `ori`.
llvm::SetVector<mlir::Value> flagsOf(tile::MapOp map);

/// A copy of the map, before it, for the case that all flags are true.
tile::MapOp whereFlagsHold(tile::MapOp map, const llvm::SetVector<mlir::Value> &flags);

} // namespace lacuna
