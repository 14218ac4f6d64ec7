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
      const Schedule *schedule = chooseSchedule(target, headSize);
      ASSERT_NE(schedule, nullptr);
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
    EXPECT_EQ(chooseSchedule(target, 257), nullptr) << target.name.str();
}

// convert-tile-to-cpu keeps queries in the vector lanes and takes eight keys of a 16-bit tile at once.
TEST(Schedules, CpuTilesFillVectors) {
  forEachSchedule([](const TargetDescription &target, int64_t, const Schedule &s) {
    if (target.kind != TargetKind::Cpu)
      return;
    EXPECT_EQ(s.tileM % (target.vectorBytes / 4), 0);
    EXPECT_EQ(s.tileN % 8, 0);
    EXPECT_EQ(s.warps, 1);
    EXPECT_EQ(s.stages, 1);
    EXPECT_TRUE(s.transposed);
  });
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
