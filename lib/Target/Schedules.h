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
  int64_t split = 1;      // work items that share the key tiles of one query tile
  bool packHeads = false; // rows are pairs of a query and a head of the group that shares a key head
};

/// What of an attention's shape decides, where it is known at compile time.
struct AttentionShape {
  int64_t headSize;                           // the larger of the two
  std::optional<int64_t> queries = {};        // per head, or an upper bound
  std::optional<int64_t> rowGroups = {};      // batch size times query heads
  int64_t packableHeads = 1;                  // query heads that may be rows of one tile
  bool isUpperBound = false;                  // `queries` is one
};

/// Numbers of queries that have kernels of their own where the number is known at run time only.
constexpr int64_t kFewQueries[] = {1, 8};

/// The first row that covers the chip and the shape, if there is one. A row for few queries gets a tile of just so many, and shares of the keys where
/// batch and heads are too few to occupy a machine.
std::optional<Schedule> chooseSchedule(const TargetDescription &target, const AttentionShape &shape);

/// The schedule for masks made of blocks of `queries` x `keys`: on a CPU, tiles that divide the block, so that no tile is partial because of the set alone
/// and every row of a tile is in the same block. A side that has no such size, or 0 for no blocks, keeps the row's.
Schedule fitToBlocks(Schedule schedule, const TargetDescription &target, int64_t queries, int64_t keys);

} // namespace lacuna
