// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CPU rules of the memory passes.
#pragma once

#include "dialects/Tile/Tile.h"
#include "lib/Target/Target.h"

namespace lacuna {

/// K and V stay where they are (f32) or are widened into a scratch tile; Q is transposed into one; everything computed lives in scratch. Where the target
/// multiplies bf16, operands that it reads by vectors are packed in pairs instead, and nothing is widened; for a tile unit V is transposed.
void assignMemoryCpu(tile::KernelOp kernel, const TargetDescription &target);

/// Queries go to the vector lanes: scores, outputs and Q are stored with axis 0 contiguous; widened K and V keep their rows.
void assignLayoutsCpu(tile::KernelOp kernel);

} // namespace lacuna
