// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels of kernels/exchange.mlir and kernels/matrix.mlir against plain loops, and what the emulator counts in them.
#include "KernelLibrary.h"
#include "runtime/emulator/BankConflicts.h"
#include "runtime/emulator/FloatFormats.h"

#include <cmath>
#include <numeric>

using namespace lacuna::emulator;

TEST(Exchange, SumsBlocks) {
  constexpr int64_t blocks = 6;
  std::vector<float> input(128 * blocks), output(blocks);
  for (size_t i = 0; i < input.size(); ++i)
    input[i] = float(int(i * 7 % 23) - 11); // integers: every order of the sum is exact
  EmulatedLaunch launch = makeLaunch("exchange", "block_sum", 128);
  const void *params[] = {input.data(), output.data()};
  launch.params = params;
  launch.paramsBytes = sizeof(params);
  launch.grid[0] = blocks;
  launch.sharedBytes = 16;
  addRange(launch, "input", input);
  addRange(launch, "output", output);
  EmulatedReport report = emulate(launch);
  ASSERT_TRUE(report.ok) << report.message;
  for (size_t block = 0; block < blocks; ++block)
    EXPECT_EQ(output[block], std::accumulate(&input[128 * block], &input[128 * block] + 128, 0.0f));
  EXPECT_EQ(report.counters.shuffles, 5 * 4 * blocks);
  EXPECT_EQ(report.counters.barriers, blocks);
  EXPECT_EQ(report.counters.sharedBytesWritten, 16 * blocks);
  EXPECT_EQ(report.counters.globalBytesWritten, 4 * blocks);
}

TEST(Exchange, WithinWarps) {
  std::vector<int32_t> input(32), output(6 * 32, -1);
  for (int i = 0; i < 32; ++i)
    input[size_t(i)] = i * i + 3;
  EmulatedLaunch launch = makeLaunch("exchange", "warp_exchange", 32);
  const void *params[] = {input.data(), output.data()};
  launch.params = params;
  launch.paramsBytes = sizeof(params);
  addRange(launch, "input", input);
  addRange(launch, "output", output);
  EmulatedReport report = emulate(launch);
  ASSERT_TRUE(report.ok) << report.message;
  uint32_t ballot = 0;
  int32_t sum = 0;
  for (int i = 0; i < 32; ++i) {
    ballot |= uint32_t(input[size_t(i)] & 1) << i;
    sum += input[size_t(i)];
  }
  for (int lane = 0; lane < 32; ++lane) {
    auto at = [&](int row) { return output[size_t(32 * row + lane)]; };
    bool up = lane >= 3, down = lane + 5 < 32;
    EXPECT_EQ(at(0), input[size_t(up ? lane - 3 : lane)]) << lane;
    EXPECT_EQ(at(1), input[size_t(down ? lane + 5 : lane)]) << lane;
    EXPECT_EQ(at(2), input[size_t(lane / 8 * 8 + 7)]) << lane;
    EXPECT_EQ(at(3), int(up) + 2 * int(down) + 4) << lane;
    EXPECT_EQ(uint32_t(at(4)), ballot) << lane;
    EXPECT_EQ(at(5), sum) << lane;
  }
}

TEST(Exchange, NamedBarrierOrdersWarps) {
  std::vector<int32_t> output(32, -1);
  EmulatedLaunch launch = makeLaunch("exchange", "producer_consumer", 64);
  const void *params[] = {nullptr, output.data()};
  launch.params = params;
  launch.paramsBytes = sizeof(params);
  launch.sharedBytes = 128;
  addRange(launch, "output", output);
  EmulatedReport report = emulate(launch);
  ASSERT_TRUE(report.ok) << report.message;
  for (int lane = 0; lane < 32; ++lane)
    EXPECT_EQ(output[size_t(lane)], 31 - lane);
}

TEST(Exchange, AtomicsAndSharedAddressesAsNumbers) {
  std::vector<int32_t> output(1);
  EmulatedLaunch launch = makeLaunch("exchange", "count", 96);
  const void *params[] = {nullptr, output.data()};
  launch.params = params;
  launch.paramsBytes = sizeof(params);
  launch.grid[0] = 5;
  launch.grid[1] = 3;
  launch.sharedBytes = 16 + 4 * 96;
  launch.osThreads = 2;
  addRange(launch, "output", output);
  EmulatedReport report = emulate(launch);
  ASSERT_TRUE(report.ok) << report.message;
  EXPECT_EQ(output[0], 5 * 3 * 96);

  launch.sharedBytes -= 4; // the last thread's word is behind the end
  report = emulate(launch);
  EXPECT_EQ(report.fault, EmulatedFault::sharedOutOfBounds);
  EXPECT_NE(report.message.find("block (0, 0, 0), thread (95, 0, 0)"), std::string::npos) << report.message;
}

/// Exact for the small integers and quarters of these tests.
static uint16_t toF16(float value) {
  if (value == 0)
    return 0;
  int exponent;
  float mantissa = std::frexp(std::fabs(value), &exponent); // in [0.5, 1)
  return uint16_t((value < 0 ? 0x8000 : 0) | (exponent + 14) << 10 | int(mantissa * 2048 - 1024));
}

TEST(FloatFormats, F16RoundTrip) {
  for (float value : {0.0f, 1.0f, -0.25f, 7.5f, -11.0f, 1024.0f})
    EXPECT_EQ(fromF16(toF16(value)), value);
  EXPECT_EQ(fromF16(0x0001), 0x1p-24f);
  EXPECT_EQ(fromF16(0x7c00), INFINITY);
  EXPECT_TRUE(std::isnan(fromF16(0x7e00)));
}

TEST(Matrix, TileF16) {
  std::vector<uint16_t> a(256), b(128);
  std::vector<float> d(128, NAN);
  auto valueA = [](size_t i) { return float(int(i * 5 % 17) - 8) / 4; };
  auto valueB = [](size_t i) { return float(int(i * 3 % 13) - 6); };
  for (size_t i = 0; i < a.size(); ++i)
    a[i] = toF16(valueA(i));
  for (size_t i = 0; i < b.size(); ++i)
    b[i] = toF16(valueB(i));
  EmulatedLaunch launch = makeLaunch("matrix", "tile_f16", 32);
  const void *params[] = {a.data(), b.data(), d.data()};
  launch.params = params;
  launch.paramsBytes = sizeof(params);
  launch.sharedBytes = 768;
  addRange(launch, "a", a);
  addRange(launch, "b", b);
  addRange(launch, "d", d);
  EmulatedReport report = emulate(launch);
  ASSERT_TRUE(report.ok) << report.message;
  for (size_t m = 0; m < 16; ++m) {
    for (size_t n = 0; n < 8; ++n) {
      float sum = 0;
      for (size_t k = 0; k < 16; ++k)
        sum += valueA(16 * m + k) * valueB(8 * k + n);
      EXPECT_EQ(d[8 * m + n], sum) << m << ", " << n;
    }
  }
  EXPECT_EQ(report.counters.mma, 1);
  EXPECT_EQ(report.counters.ldmatrix, 2);
  EXPECT_EQ(report.counters.asyncBytes, 768);
  // Rows of A are 32 bytes apart: 8 of them use every bank of their half twice. Rows of B are adjacent.
  EXPECT_EQ(report.counters.bankConflicts, 4);
}

TEST(Matrix, TileTf32) {
  std::vector<float> a(128), b(64), d(128, NAN);
  auto valueA = [](size_t i) { return float(int(i * 5 % 19) - 9); };
  for (size_t i = 0; i < a.size(); ++i) {
    float value = valueA(i);
    uint32_t bits;
    std::memcpy(&bits, &value, 4);
    a[i] = fromBits(bits | 0x1fff); // bits outside tf32
  }
  for (size_t i = 0; i < b.size(); ++i)
    b[i] = float(int(i * 7 % 11) - 5);
  EmulatedLaunch launch = makeLaunch("matrix", "tile_tf32", 32);
  const void *params[] = {a.data(), b.data(), d.data()};
  launch.params = params;
  launch.paramsBytes = sizeof(params);
  addRange(launch, "a", a);
  addRange(launch, "b", b);
  addRange(launch, "d", d);
  EmulatedReport report = emulate(launch);
  ASSERT_TRUE(report.ok) << report.message;
  for (size_t m = 0; m < 16; ++m) {
    for (size_t n = 0; n < 8; ++n) {
      float sum = 0;
      for (size_t k = 0; k < 8; ++k)
        sum += valueA(8 * m + k) * b[8 * n + k];
      EXPECT_EQ(d[8 * m + n], sum) << m << ", " << n;
    }
  }
}

TEST(Matrix, Exp2AndTruncationToBf16) {
  std::vector<float> input(32), unused(1);
  std::vector<uint16_t> output(64);
  for (size_t i = 0; i < input.size(); ++i)
    input[i] = float(i) * 0.37f - 5;
  input[30] = NAN;
  input[31] = -140; // the result is subnormal and flushed
  EmulatedLaunch launch = makeLaunch("matrix", "exp2_bf16", 32);
  const void *params[] = {input.data(), unused.data(), output.data()};
  launch.params = params;
  launch.paramsBytes = sizeof(params);
  addRange(launch, "input", input);
  addRange(launch, "output", output);
  EmulatedReport report = emulate(launch);
  ASSERT_TRUE(report.ok) << report.message;
  for (size_t i = 0; i < input.size(); ++i) {
    EXPECT_EQ(output[2 * i], output[2 * i + 1]) << i;
    float exact = std::exp2(input[i]), got = fromBf16(output[2 * i]);
    if (i == 31)
      EXPECT_EQ(output[2 * i], 0);
    else if (std::isnan(exact))
      EXPECT_TRUE(std::isnan(got));
    else
      EXPECT_LE(std::fabs(got - exact), std::ldexp(1.0f, std::ilogb(exact) - 8)) << i; // half a unit in the last place
  }
}

TEST(BankConflicts, OfKnownPatterns) {
  uint32_t consecutive[32], stride2[32], same[32], column[8], padded[8];
  for (uint32_t i = 0; i < 32; ++i) {
    consecutive[i] = 4 * i;
    stride2[i] = 8 * i;
    same[i] = 64;
  }
  for (uint32_t i = 0; i < 8; ++i) {
    column[i] = 128 * i;
    padded[i] = 144 * i;
  }
  EXPECT_EQ(bankConflicts(consecutive, 32, 4), 0);
  EXPECT_EQ(bankConflicts(stride2, 32, 4), 1);
  EXPECT_EQ(bankConflicts(same, 32, 4), 0);
  EXPECT_EQ(bankConflicts(column, 8, 16), 7);
  EXPECT_EQ(bankConflicts(padded, 8, 16), 0);
}

TEST(Launch, RejectsWhatNoGpuTakes) {
  EmulatedLaunch launch;
  launch.name = "k";
  launch.block[0] = 512;
  launch.block[1] = 3;
  EmulatedReport report = emulate(launch);
  EXPECT_EQ(report.fault, EmulatedFault::invalidLaunch);
  EXPECT_EQ(report.message, "kernel 'k': expects at most 1024 threads in a block, but got 1536");
  launch.block[1] = 1;
  launch.sharedBytes = 300000;
  EXPECT_EQ(emulate(launch).message, "kernel 'k': expects at most 262144 bytes of shared memory, but got 300000");
}
