// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one table of tile sizes. Pure: chip and shape in, numbers out.
#pragma once

#include "lib/Target/Target.h"

#include <optional>

namespace lacuna {

/// Query rows and keys of a tile, warps that share it, buffers per operand in flight, and whether queries are the matrix instruction's columns (or vector lanes).
struct Schedule {
  int64_t tileM, tileN, warps, stages;
  bool transposed;
};

/// The first row that covers the chip, the larger of the two head sizes, and the number of queries where it is known at compile time; none is an answer.
/// A row for few queries gets a tile of just so many.
std::optional<Schedule> chooseSchedule(const TargetDescription &target, int64_t headSize, std::optional<int64_t> queries);

/// The schedule for masks made of blocks of `queries` x `keys`: on a CPU, tiles that divide the block, so that no tile is partial because of the set alone
/// and every row of a tile is in the same block. A side that has no such size, or 0 for no blocks, keeps the row's.
Schedule fitToBlocks(Schedule schedule, const TargetDescription &target, int64_t queries, int64_t keys);

} // namespace lacuna
