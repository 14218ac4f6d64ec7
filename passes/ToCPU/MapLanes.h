// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What of a tile.map's region depends on the vector lane, what on the other axis: decides what is computed on vectors, what as scalars and what once.
#pragma once

#include "dialects/Tile/Tile.h"

#include <optional>

namespace lacuna {

using ValueSet = llvm::SmallDenseSet<mlir::Value>;

/// Is an operand of the map read along the lanes, one element a lane?
bool isAlongLanes(tile::MapOp op, unsigned operand, int64_t lanes);

/// From lane to lane `value` grows by one (1) or falls by one (-1); 0: neither, or not known.
int64_t laneStep(mlir::Value value, llvm::function_ref<bool(mlir::Value)> isPerLane);

/// A read of neighbours: one vector load does, reversed where the index falls.
bool readsNeighbours(mlir::Operation &op, llvm::function_ref<bool(mlir::Value)> isPerLane);

/// The values that depend on the lane, where every op that makes one works on vectors; else nothing.
std::optional<ValueSet> findPerLane(tile::MapOp map, int64_t lanes);

/// The values that do not depend on the axis outside the lanes: to be computed once, before a loop along it. LLVM leaves divisions among them inside where the
/// loop may run zero times.
ValueSet findLaneOnly(tile::MapOp map, int64_t lanes);

/// Of sums of an outside value and the index along axis 1, the value where the index is `first`. Steps added to it last, LLVM sees what several steps share, as the
/// row of a space or the block that they lie in.
mlir::IRMapping positionsFrom(mlir::ImplicitLocOpBuilder &b, tile::MapOp op, const mlir::IRMapping &scalars, mlir::Value first);

/// Is something computed once for all lanes that takes a loop, a branch or a division by a run-time value?
bool hasCostlyUniformOps(tile::MapOp map, int64_t lanes, const ValueSet &perLane);

} // namespace lacuna
