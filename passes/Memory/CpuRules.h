// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CPU rules of the memory passes.
#pragma once

#include "dialects/Tile/Tile.h"
#include "lib/Target/Target.h"

namespace lacuna {

/// True when queries lie in the vector lanes; false for the flat form of few queries, where keys and features do. Read from the schedule (`transposed`);
/// a kernel without one is transposed.
bool queriesInLanes(tile::KernelOp kernel);

/// Q is copied into scratch in f32, everything computed lives there. K and V stay where they are; with queries in the lanes 16-bit ones are widened into a
/// scratch tile, because their elements are read one by one. Where the target multiplies pairs of bf16, operands that it reads by vectors are packed in
/// pairs instead, and nothing is widened; for a tile unit V is transposed.
void assignMemoryCpu(tile::KernelOp kernel, const TargetDescription &target);

/// Scores, outputs and Q are stored with axis 0 contiguous when queries go to the vector lanes, else with axis 1; widened K and V keep their rows.
void assignLayoutsCpu(tile::KernelOp kernel);

} // namespace lacuna
