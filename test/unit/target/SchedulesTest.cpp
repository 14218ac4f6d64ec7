// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Invariants of the schedule table: what the lowerings divide by must divide the tiles, and no head size falls through.
#include "lib/Target/Schedules.h"

#include "gtest/gtest.h"

namespace lacuna {
namespace {

/// Calls `check` with the schedule of every chip and head size that attention allows.
template <typename Check> void forEachSchedule(Check check) {
  for (const TargetDescription &target : allTargets())
    for (int64_t headSize = 8; headSize <= 256; headSize += 8) {
      SCOPED_TRACE(target.name.str() + ", head size " + std::to_string(headSize));
      std::optional<Schedule> schedule = chooseSchedule(target, {headSize});
      ASSERT_TRUE(schedule.has_value());
      check(target, headSize, *schedule);
    }
}

TEST(Schedules, EveryChipCoversEveryHeadSize) {
  forEachSchedule([](const TargetDescription &, int64_t, const Schedule &s) {
    EXPECT_GT(s.tileM, 0);
    EXPECT_GT(s.tileN, 0);
    EXPECT_GT(s.warps, 0);
    EXPECT_GT(s.stages, 0);
  });
}

TEST(Schedules, NoRowBeyondTheLargestHead) {
  for (const TargetDescription &target : allTargets())
    EXPECT_FALSE(chooseSchedule(target, {257}).has_value()) << target.name.str();
}

// Up to eight queries, known at compile time, get flat tiles of just so many rows on a CPU; zero ones a tile that nobody runs.
TEST(Schedules, FewQueriesAreFlatOnACpu) {
  for (const TargetDescription &target : allTargets())
    for (int64_t queries : {0, 1, 3, 8, 9}) {
      std::optional<Schedule> s = chooseSchedule(target, {128, queries});
      ASSERT_TRUE(s.has_value());
      bool flat = target.kind == TargetKind::Cpu && queries <= 8;
      EXPECT_EQ(s->tileM == std::max<int64_t>(queries, 1), flat) << target.name.str() << ", " << queries;
      if (flat)
        EXPECT_FALSE(s->transposed);
    }
}

// Few rows in all are cut along the keys, so that there are about sixteen work items.
TEST(Schedules, FewHeadsAreSplit) {
  const TargetDescription *target = lookupTarget("x86-64-v4");
  ASSERT_NE(target, nullptr);
  for (auto [groups, split] : {std::pair(0, 16), {1, 16}, {3, 5}, {8, 2}, {9, 1}, {64, 1}})
    EXPECT_EQ(chooseSchedule(*target, {128, 1, groups})->split, split) << groups;
  EXPECT_EQ((chooseSchedule(*target, {128, 1})->split), 1);
  EXPECT_EQ((chooseSchedule(*target, {128, 100, 1})->split), 1);
}

// Grouped heads are rows with the queries: up to 32 where all of them are there, else eight; tiles are alike; key heads are what is split.
TEST(Schedules, GroupedHeadsAreRows) {
  const TargetDescription *target = lookupTarget("x86-64-v4");
  ASSERT_NE(target, nullptr);
  for (auto [queries, group, rows, rowsOfBound] : {std::array{1, 4, 4, 4}, {4, 4, 16, 8}, {8, 4, 32, 8}, {8, 5, 20, 8}, {3, 16, 24, 8}, {5, 2, 10, 5}, {0, 4, 1, 1}}) {
    Schedule known = *chooseSchedule(*target, {128, queries, 32, group}), bound = *chooseSchedule(*target, {128, queries, 32, group, /*isUpperBound=*/true});
    EXPECT_EQ(known.tileM, rows) << queries << " x " << group;
    EXPECT_EQ(bound.tileM, rowsOfBound) << queries << " x " << group;
    EXPECT_TRUE(known.packHeads && bound.packHeads);
    EXPECT_EQ(known.split, std::max(1, 16 / (32 / group)));
  }
  EXPECT_FALSE(chooseSchedule(*target, {128, 8, 32})->packHeads);
  EXPECT_FALSE(chooseSchedule(*target, {128, 9, 32, 4})->packHeads);
}

// convert-tile-to-cpu keeps queries in the vector lanes and takes eight keys of a 16-bit tile at once.
TEST(Schedules, CpuTilesFillVectors) {
  forEachSchedule([](const TargetDescription &target, int64_t, const Schedule &s) {
    if (target.kind != TargetKind::Cpu)
      return;
    EXPECT_EQ(s.tileM % (target.vectorBytes / 4), 0);
    EXPECT_EQ(s.tileN % 8, 0);
    EXPECT_EQ(s.warps, 1);
    EXPECT_EQ(s.stages, target.matrix.m > 1 ? 2 : 1); // tile unit: groups of queries overlap
    EXPECT_TRUE(s.transposed);
  });
}

// Masks of blocks: tiles that divide the block, or the row's own where nothing does.
TEST(Schedules, TilesFitBlocks) {
  for (const TargetDescription &target : allTargets()) {
    const Schedule row = *chooseSchedule(target, {64});
    if (target.kind != TargetKind::Cpu) {
      EXPECT_EQ(fitToBlocks(row, target, 128, 64).tileM, row.tileM) << target.name.str();
      continue;
    }
    int64_t lanes = target.vectorBytes / 4;
    for (int64_t block : {64, 128, 256}) {
      Schedule s = fitToBlocks(row, target, block, block);
      EXPECT_EQ(block % s.tileM, 0) << target.name.str();
      EXPECT_EQ(block % s.tileN, 0) << target.name.str();
      EXPECT_EQ(s.tileM % lanes, 0) << target.name.str();
    }
    EXPECT_EQ(fitToBlocks(row, target, 16, 32).tileM, 16) << target.name.str();
    EXPECT_EQ(fitToBlocks(row, target, 16, 32).tileN, 32) << target.name.str();
    EXPECT_EQ(fitToBlocks(row, target, 1, 1).tileM, row.tileM) << target.name.str();
    EXPECT_EQ(fitToBlocks(row, target, 5, 7).tileN, row.tileN) << target.name.str();
  }
}

// Units of 2 x 2 accumulators of a tile unit (AMX): keys are its rows, and the depth of the second product.
TEST(Schedules, CpuTilesFillTileUnits) {
  forEachSchedule([](const TargetDescription &target, int64_t, const Schedule &s) {
    if (target.kind != TargetKind::Cpu || target.matrix.m <= 1)
      return;
    EXPECT_TRUE(target.matrix.fills(s.tileN, s.tileM, target.matrix.k));
    EXPECT_TRUE(target.matrix.fills(2 * target.matrix.m, s.tileM, s.tileN));
  });
}

// The score tile stays in L1 (32 KiB on every CPU of the table).
TEST(Schedules, CpuScoresFitL1) {
  forEachSchedule([](const TargetDescription &target, int64_t, const Schedule &s) {
    if (target.kind == TargetKind::Cpu)
      EXPECT_LE(s.tileM * s.tileN * 4, 32 * 1024);
  });
}

// Each warp owns whole matrix instructions: queries are their rows, or their columns where the product is transposed.
TEST(Schedules, GpuTilesFillMatrixInstructions) {
  forEachSchedule([](const TargetDescription &target, int64_t, const Schedule &s) {
    if (target.kind == TargetKind::Cpu)
      return;
    int64_t queries = s.transposed ? target.matrix.n : target.matrix.m, keys = s.transposed ? target.matrix.m : target.matrix.n;
    EXPECT_EQ(s.tileM % (s.warps * queries), 0);
    EXPECT_EQ(s.tileN % keys, 0);
    EXPECT_EQ(s.tileN % target.matrix.k, 0) << "P is the left operand of the second product";
  });
}

// 16-bit K and V tiles in all stages. What tile-assign-memory computes exactly is at least this.
TEST(Schedules, GpuBuffersFitSharedMemory) {
  forEachSchedule([](const TargetDescription &target, int64_t headSize, const Schedule &s) {
    if (target.kind != TargetKind::Cpu)
      EXPECT_LE(2 * s.stages * s.tileN * headSize * 2, target.sharedBytes);
  });
}

// The output alone must leave registers for something else.
TEST(Schedules, GpuOutputFitsRegisters) {
  forEachSchedule([](const TargetDescription &target, int64_t headSize, const Schedule &s) {
    if (target.kind != TargetKind::Cpu)
      EXPECT_LT(s.tileM * headSize / (s.warps * target.warpSize), target.registersPerThread);
  });
}

} // namespace
} // namespace lacuna
