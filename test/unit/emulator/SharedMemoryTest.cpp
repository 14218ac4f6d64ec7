// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order check of shared bytes, by hand-made clocks: which pairs of accesses it calls a race, and which it must not.
#include "runtime/emulator/SharedMemory.h"
#include "runtime/emulator/EmulatorAbi.h"

#include <gtest/gtest.h>

using namespace lacuna::emulator;

namespace {
/// Three threads that have seen nothing of each other.
class SharedBytes : public testing::Test {
protected:
  SharedBytes() { memory.reset(64); }
  Accessor as(int thread) { return {thread, clocks[thread], "test"}; }
  /// All that `from` did so far is ordered before all that `to` does next.
  void order(int from, int to) {
    for (int i = 0; i < 3; ++i)
      clocks[to][i] = std::max(clocks[to][i], clocks[from][i]);
    ++clocks[from][from];
  }
  SharedMemory memory;
  uint32_t clocks[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
};
} // namespace

TEST_F(SharedBytes, StartAtTheWindow) { EXPECT_EQ(uintptr_t(memory.base()) % sharedWindowBytes, 0u); }

TEST_F(SharedBytes, ReadOfNothing) {
  memory.write(0, 4, as(0));
  Conflict conflict = memory.read(0, 8, as(0));
  EXPECT_EQ(conflict.kind, Conflict::uninitialised);
  EXPECT_EQ(conflict.offset, 4);
}

TEST_F(SharedBytes, WriteThenRead) {
  memory.write(8, 4, as(0));
  EXPECT_EQ(memory.read(8, 4, as(0)).kind, Conflict::none);
  Conflict conflict = memory.read(10, 4, as(1));
  EXPECT_EQ(conflict.kind, Conflict::race);
  EXPECT_EQ(conflict.other, 0);
  EXPECT_TRUE(conflict.otherWrites);
  order(0, 2);
  EXPECT_EQ(memory.read(8, 4, as(2)).kind, Conflict::none);
}

TEST_F(SharedBytes, ReadThenWrite) {
  memory.write(0, 4, as(0));
  order(0, 1);
  order(0, 2);
  memory.read(0, 4, as(1));
  memory.read(0, 4, as(2));
  order(2, 0); // but not 1
  Conflict conflict = memory.write(0, 4, as(0));
  EXPECT_EQ(conflict.kind, Conflict::race);
  EXPECT_EQ(conflict.other, 1);
  EXPECT_FALSE(conflict.otherWrites);
}

TEST_F(SharedBytes, ReadThenOrderedWrite) {
  memory.write(0, 4, as(0));
  order(0, 1);
  order(0, 2);
  memory.read(0, 4, as(1));
  order(1, 2);
  memory.read(0, 4, as(2)); // follows the read of 1, which is then forgotten
  order(2, 0);
  EXPECT_EQ(memory.write(0, 4, as(0)).kind, Conflict::none);
}

TEST_F(SharedBytes, WriteThenWrite) {
  memory.write(0, 4, as(0));
  EXPECT_EQ(memory.write(3, 1, as(1)).kind, Conflict::race);
  EXPECT_EQ(memory.write(4, 1, as(1)).kind, Conflict::none);
}

TEST_F(SharedBytes, WhatFollowsAnArrivalIsNotCovered) {
  order(0, 1);
  memory.write(0, 4, as(0));
  EXPECT_EQ(memory.read(0, 4, as(1)).kind, Conflict::race);
}

TEST_F(SharedBytes, Atomics) {
  memory.write(0, 4, as(0), /*atomic=*/true);
  EXPECT_EQ(memory.read(0, 4, as(1), /*atomic=*/true).kind, Conflict::none);
  EXPECT_EQ(memory.write(0, 4, as(1), /*atomic=*/true).kind, Conflict::none);
  EXPECT_EQ(memory.read(0, 4, as(2)).kind, Conflict::race);
}

TEST_F(SharedBytes, AsyncCopies) {
  memory.startAsync(0, 16, as(0));
  EXPECT_EQ(memory.read(0, 4, as(0)).kind, Conflict::missingWait);
  EXPECT_EQ(memory.write(12, 4, as(0)).kind, Conflict::missingWait);
  memory.reset(64);
  memory.startAsync(0, 16, as(0));
  EXPECT_EQ(memory.read(0, 4, as(1)).kind, Conflict::race); // nothing orders it after the issue
  order(0, 2);
  EXPECT_EQ(memory.read(0, 4, as(2)).kind, Conflict::missingWait);
  memory.finishAsync(0, 16, as(0));
  EXPECT_EQ(memory.read(0, 4, as(0)).kind, Conflict::none);
  EXPECT_EQ(memory.read(4, 4, as(2)).kind, Conflict::race); // the barrier came before the wait
}
