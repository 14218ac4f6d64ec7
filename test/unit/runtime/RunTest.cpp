// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// End to end through the C interface: load, query, run on one and several threads, count tiles.
#include "TestProgram.h"

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <thread>

using namespace lacuna;
using namespace lacuna::test;

namespace {
class RunTest : public ::testing::Test {
protected:
  ProgramHandle program = loadProgram(fixtureArtifact());
  DeviceHandle device = openDevice();
};

/// Tiles that "rows" visits: per row and half, `row` full ones and 1 partial one.
void expectRowsCounts(const lacunaTileCounts &counts, int64_t rows) {
  EXPECT_EQ(counts.full, rows * (rows - 1));
  EXPECT_EQ(counts.partial, 2 * rows);
  EXPECT_EQ(counts.total, 2 * rows * 1000);
  EXPECT_EQ(counts.launches, 2);
  EXPECT_EQ(counts.counted_launches, 1);
}

lacunaRunOptions withCounts(lacunaTileCounts &counts) {
  lacunaRunOptions options = {};
  options.struct_size = sizeof(options);
  options.counts = &counts;
  return options;
}
} // namespace

TEST_F(RunTest, computesTheSameOnAnyNumberOfThreads) {
  for (int64_t threads : {1, 2, 3, 8})
    for (int64_t rows : {1, 2, 5, 64, 1000}) {
      ASSERT_EQ(lacunaDeviceSetNumThreads(device.get(), threads), LACUNA_OK);
      RowsCall call(rows);
      ASSERT_EQ(call.run(program.get(), device.get()), LACUNA_OK) << lacunaLastError();
      EXPECT_EQ(call.wrongElements(), 0) << rows << " rows on " << threads << " threads";
    }
}

TEST_F(RunTest, countsVisitedTiles) {
  for (int64_t threads : {1, 4})
    for (int64_t rows : {1, 7, 3000}) {
      ASSERT_EQ(lacunaDeviceSetNumThreads(device.get(), threads), LACUNA_OK);
      RowsCall call(rows);
      lacunaTileCounts counts = {1, 2, 3, 4, 5}; // must be overwritten
      lacunaRunOptions options = withCounts(counts);
      ASSERT_EQ(call.run(program.get(), device.get(), &options), LACUNA_OK) << lacunaLastError();
      expectRowsCounts(counts, rows);
    }
}

TEST_F(RunTest, emptyGridLaunchesNothing) {
  RowsCall call(0);
  for (lacunaTensor &result : call.results)
    result.data = nullptr;
  call.arguments[0].tensor.data = nullptr; // no elements: no data needed
  lacunaTileCounts counts = {};
  lacunaRunOptions options = withCounts(counts);
  EXPECT_EQ(call.run(program.get(), device.get(), &options), LACUNA_OK) << lacunaLastError();
  EXPECT_EQ(counts.full + counts.partial, 0);
  EXPECT_EQ(counts.launches, 2);
  EXPECT_EQ(counts.counted_launches, 2);
}

TEST_F(RunTest, acceptsStridedRows) {
  RowsCall call(5);
  std::vector<float> wideIn(5 * 11), wideOut(5 * 9, -7);
  for (int64_t row = 0; row < 5; ++row)
    std::copy_n(&call.x[size_t(row * 8)], 8, &wideIn[size_t(row * 11)]);
  int64_t stridesIn[] = {11, 1}, stridesOut[] = {9, 1};
  call.arguments[0].tensor.data = wideIn.data();
  call.arguments[0].tensor.strides = stridesIn;
  call.results[0].data = wideOut.data();
  call.results[0].strides = stridesOut;
  ASSERT_EQ(call.run(program.get(), device.get()), LACUNA_OK) << lacunaLastError();
  for (int64_t row = 0; row < 5; ++row) {
    std::copy_n(&wideOut[size_t(row * 9)], 8, &call.scaled[size_t(row * 8)]);
    EXPECT_EQ(wideOut[size_t(row * 9 + 8)], -7) << "wrote between the rows";
  }
  EXPECT_EQ(call.wrongElements(), 0);
}

TEST_F(RunTest, severalThreadsShareOneProgram) {
  ASSERT_EQ(lacunaDeviceSetNumThreads(device.get(), 3), LACUNA_OK);
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int repeat = 0; repeat < 25; ++repeat) {
        RowsCall call(100 + 37 * t, t + 1);
        lacunaTileCounts counts = {};
        lacunaRunOptions options = withCounts(counts);
        bool ok = call.run(program.get(), device.get(), &options) == LACUNA_OK && call.wrongElements() == 0 &&
                  counts.full == call.rows * (call.rows - 1);
        failures += !ok;
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(failures.load(), 0);
}

TEST_F(RunTest, settingsMayChangeDuringRuns) {
  std::atomic<bool> stop{false};
  std::thread changer([&] {
    for (int64_t i = 0; !stop; ++i)
      lacunaDeviceSetNumThreads(device.get(), 1 + i % 3);
  });
  for (int repeat = 0; repeat < 50; ++repeat) {
    RowsCall call(300);
    EXPECT_EQ(call.run(program.get(), device.get()), LACUNA_OK) << lacunaLastError();
    EXPECT_EQ(call.wrongElements(), 0);
  }
  stop = true;
  changer.join();
}

//===--- The caller's parallel_for --------------------------------------------------------------------------------===//

static void backwards(void *user, int64_t count, void (*body)(void *, int64_t), void *context) {
  ++*static_cast<int *>(user);
  for (int64_t i = count - 1; i >= 0; --i)
    body(context, i);
}

TEST_F(RunTest, usesTheCallersParallelFor) {
  int calls = 0;
  ASSERT_EQ(lacunaDeviceSetNumThreads(device.get(), 4), LACUNA_OK);
  ASSERT_EQ(lacunaDeviceSetParallelFor(device.get(), backwards, &calls), LACUNA_OK);
  RowsCall call(200);
  ASSERT_EQ(call.run(program.get(), device.get()), LACUNA_OK) << lacunaLastError();
  EXPECT_EQ(call.wrongElements(), 0);
  EXPECT_EQ(calls, 2); // one per launch; 400 items are too few to ask for costs in parallel
  ASSERT_EQ(lacunaDeviceSetParallelFor(device.get(), nullptr, nullptr), LACUNA_OK);
  RowsCall again(200);
  ASSERT_EQ(again.run(program.get(), device.get()), LACUNA_OK);
  EXPECT_EQ(again.wrongElements(), 0);
  EXPECT_EQ(calls, 2);
}

static void forgetsTheLast(void *, int64_t count, void (*body)(void *, int64_t), void *context) {
  for (int64_t i = 0; i + 1 < count; ++i)
    body(context, i);
}

TEST_F(RunTest, aParallelForThatLeavesWorkOutIsAnError) {
  ASSERT_EQ(lacunaDeviceSetNumThreads(device.get(), 2), LACUNA_OK);
  ASSERT_EQ(lacunaDeviceSetParallelFor(device.get(), forgetsTheLast, nullptr), LACUNA_OK);
  RowsCall call(200);
  EXPECT_EQ(call.run(program.get(), device.get()), LACUNA_EXECUTION_FAILED);
  EXPECT_STREQ(lacunaLastError(), "parallel_for of the caller: expects 16 calls of the body, but got 15");
}

//===--- Queries --------------------------------------------------------------------------------------------------===//

TEST_F(RunTest, tellsResultShapesAndWorkspace) {
  RowsCall call(12);
  call.arguments[0].tensor.data = nullptr; // not needed for queries
  int64_t sizes[3] = {}, bytes = -1;
  ASSERT_EQ(lacunaResultShapes(program.get(), device.get(), 0, call.arguments.data(), 4, sizes), LACUNA_OK)
      << lacunaLastError();
  EXPECT_EQ(std::vector<int64_t>(sizes, sizes + 3), (std::vector<int64_t>{12, 8, 12}));
  ASSERT_EQ(lacunaWorkspaceBytes(program.get(), device.get(), 0, call.arguments.data(), 4, &bytes), LACUNA_OK)
      << lacunaLastError();
  EXPECT_EQ(bytes, 128);
}

TEST_F(RunTest, usesTheCallersWorkspace) {
  RowsCall call(12);
  alignas(64) float workspace[32] = {};
  lacunaRunOptions options = {};
  options.struct_size = sizeof(options);
  options.workspace = workspace;
  options.workspace_bytes = sizeof(workspace);
  ASSERT_EQ(call.run(program.get(), device.get(), &options), LACUNA_OK) << lacunaLastError();
  EXPECT_EQ(call.wrongElements(), 0);
  EXPECT_EQ(workspace[0], 2.0f * (-15 - 8 - 1 + 6)); // row 0, first half
}

TEST_F(RunTest, enumeratesWhatTheArtifactHolds) {
  EXPECT_EQ(lacunaProgramNumEntries(program.get()), 2);
  EXPECT_STREQ(lacunaProgramProducer(program.get()), "lacuna test");
  EXPECT_STREQ(lacunaProgramSourceHash(program.get()), "0123");
  EXPECT_EQ(lacunaProgramSource(program.get()), nullptr);
  int64_t number = -1;
  ASSERT_EQ(lacunaProgramFindEntry(program.get(), "misbehave", &number), LACUNA_OK);
  EXPECT_EQ(number, 1);
  lacunaEntryInfo entry = {};
  ASSERT_EQ(lacunaProgramEntry(program.get(), 0, &entry), LACUNA_OK);
  EXPECT_STREQ(entry.name, "rows");
  EXPECT_EQ(entry.num_arguments, 4);
  EXPECT_EQ(entry.num_results, 2);
  lacunaArgumentInfo info = {};
  ASSERT_EQ(lacunaProgramArgument(program.get(), 0, 0, &info), LACUNA_OK);
  EXPECT_STREQ(info.name, "x");
  EXPECT_EQ(info.kind, LACUNA_TENSOR);
  EXPECT_EQ(info.dtype, LACUNA_F32);
  ASSERT_EQ(info.rank, 2);
  EXPECT_EQ(info.sizes[0], -1);
  EXPECT_EQ(info.sizes[1], 8);
  EXPECT_STREQ(info.default_value, "randn:4x8xf32:0");
  ASSERT_EQ(lacunaProgramArgument(program.get(), 0, 2, &info), LACUNA_OK);
  EXPECT_EQ(info.kind, LACUNA_SCALAR);
  EXPECT_EQ(info.default_value, nullptr);
  ASSERT_EQ(lacunaProgramResult(program.get(), 0, 1, &info), LACUNA_OK);
  EXPECT_STREQ(info.name, "sums");
  lacunaTargetInfo target = {};
  ASSERT_EQ(lacunaProgramNumTargets(program.get()), 1);
  ASSERT_EQ(lacunaProgramTarget(program.get(), 0, &target), LACUNA_OK);
  EXPECT_STREQ(target.name, "fixture");
  EXPECT_STREQ(target.device, "cpu");
  EXPECT_STREQ(target.schedule, "by row\nflat");
}

//===--- Life times -----------------------------------------------------------------------------------------------===//

TEST_F(RunTest, programsAreIndependent) {
  // The second object must not be served by the first one's mapping, nor die with it.
  ProgramHandle other = loadProgram(fixtureArtifact());
  RowsCall first(20), second(20), third(20);
  EXPECT_EQ(first.run(program.get(), device.get()), LACUNA_OK);
  EXPECT_EQ(second.run(other.get(), device.get()), LACUNA_OK);
  program.reset();
  EXPECT_EQ(third.run(other.get(), device.get()), LACUNA_OK);
  EXPECT_EQ(first.wrongElements() + second.wrongElements() + third.wrongElements(), 0);
}

TEST_F(RunTest, devicesComeAndGo) {
  for (int i = 0; i < 3; ++i) {
    device = openDevice();
    RowsCall call(30);
    EXPECT_EQ(call.run(program.get(), device.get()), LACUNA_OK) << lacunaLastError();
    EXPECT_EQ(call.wrongElements(), 0);
  }
}

TEST_F(RunTest, deviceMemoryCopiesBothWays) {
  void *memory = nullptr;
  ASSERT_EQ(lacunaDeviceAllocate(device.get(), 12, &memory), LACUNA_OK);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 64, 0u);
  char text[12] = "hello world", back[12] = {};
  EXPECT_EQ(lacunaDeviceCopyIn(device.get(), memory, text, 12), LACUNA_OK);
  EXPECT_EQ(lacunaDeviceCopyOut(device.get(), back, memory, 12), LACUNA_OK);
  EXPECT_STREQ(back, "hello world");
  EXPECT_EQ(lacunaDeviceFree(device.get(), memory), LACUNA_OK);
}

TEST_F(RunTest, loadsFromAFile) {
  std::string path = ::testing::TempDir() + "lacuna-runtime-test.lacuna", bytes = runtime::serialize(fixtureArtifact());
  std::ofstream(path, std::ios::binary) << bytes;
  lacunaProgram *loaded = nullptr;
  ASSERT_EQ(lacunaProgramLoadFile(path.c_str(), &loaded), LACUNA_OK) << lacunaLastError();
  ProgramHandle handle(loaded);
  std::remove(path.c_str());
  RowsCall call(9);
  EXPECT_EQ(call.run(loaded, device.get()), LACUNA_OK) << lacunaLastError();
  EXPECT_EQ(call.wrongElements(), 0);
}

TEST_F(RunTest, threadCountComesFromTheEnvironment) {
  ::setenv("LACUNA_NUM_THREADS", "3", 1);
  DeviceHandle three = openDevice();
  ::unsetenv("LACUNA_NUM_THREADS");
  int64_t threads = 0;
  EXPECT_EQ(lacunaDeviceNumThreads(three.get(), &threads), LACUNA_OK);
  EXPECT_EQ(threads, 3);
}
