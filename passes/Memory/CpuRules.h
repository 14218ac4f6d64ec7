// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CPU rules of the memory passes.
#pragma once

#include "dialects/Tile/Tile.h"

namespace lacuna {

/// K and V stay where they are (f32) or are widened into a scratch tile; Q is transposed into one; everything computed lives in scratch.
void assignMemoryCpu(tile::KernelOp kernel);

/// Queries go to the vector lanes: scores, outputs and Q are stored with axis 0 contiguous; widened K and V keep their rows.
void assignLayoutsCpu(tile::KernelOp kernel);

} // namespace lacuna
