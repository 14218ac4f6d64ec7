// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ldmatrix and mma.sync: which lane holds which element of a matrix, after the PTX manual. With g = lane / 4 and
// t = lane % 4, 32-bit registers of 16-bit elements hold:
//
//   m16n8k16  A: (g, 2t..) (g + 8, 2t..) (g, 2t + 8..) (g + 8, 2t + 8..)   B: (2t.., g) (2t + 8.., g)
//   m16n8k8   A: (g, 2t..) (g + 8, 2t..)                                   B: (2t.., g)
//   and of 32-bit elements
//   m16n8k8   A: (g, t) (g + 8, t) (g, t + 4) (g + 8, t + 4)               B: (t, g) (t + 4, g)
//   m16n8k4   A: (g, t) (g + 8, t)                                         B: (t, g)
//   C and D are always (g, 2t) (g, 2t + 1) (g + 8, 2t) (g + 8, 2t + 1).
#include "runtime/emulator/FloatFormats.h"
#include "runtime/emulator/Operations.h"

using namespace lacuna::emulator;

static bool wholeWarp(Block &block, Lanes &lanes) {
  for (Thread *thread : lanes)
    if (!thread)
      return block.fail(EmulatedFault::warpDivergence, *lanes[0],
                        "warp divergence: expects 32 lanes at a matrix instruction, but got a smaller last warp");
  return true;
}

bool lacuna::emulator::runLdmatrix(Block &block, Lanes &lanes) {
  if (!wholeWarp(block, lanes))
    return false;
  constexpr int rowBytes = 16;
  int matrices = lanes[0]->arguments.get<int32_t>(0);
  bool transposed = lanes[0]->arguments.get<int32_t>(1) != 0;
  const char *rows[32];
  for (int lane = 0; lane < 8 * matrices; ++lane) {
    rows[lane] = lanes[lane]->arguments.get<const char *>(2);
    if (!block.checkAccess(*lanes[lane], rows[lane], rowBytes,
                           accessRead | 3 << accessSpaceShift | 4 << accessAlignShift))
      return false;
  }
  block.flushBanks(lanes[0]->warp);
  for (int lane = 0; lane < 32; ++lane) {
    for (int matrix = 0; matrix < matrices; ++matrix) {
      uint16_t pair[2];
      for (int i = 0; i < 2; ++i) {
        int major = lane / 4, minor = lane % 4 * 2 + i;
        int row = transposed ? minor : major, column = transposed ? major : minor;
        std::memcpy(&pair[i], rows[8 * matrix + row] + 2 * column, 2);
      }
      lanes[lane]->results.set(matrix, uint32_t(pair[0]) | uint32_t(pair[1]) << 16);
    }
  }
  ++block.counters.ldmatrix;
  return true;
}

namespace {
struct MmaShape {
  int m, n, k;
  MmaType type;
  int elements() const { return type == MmaType::tf32 ? 1 : 2; } // per register
  int registersA() const { return m * k / 32 / elements(); }
  int registersB() const { return n * k / 32 / elements(); }
};
} // namespace

static float element(const Thread &thread, int slot, int i, MmaType type) {
  uint32_t bits = thread.arguments.get<uint32_t>(slot);
  if (type == MmaType::tf32)
    return fromTf32(bits);
  uint16_t half = uint16_t(bits >> (16 * i));
  return type == MmaType::f16 ? fromF16(half) : fromBf16(half);
}

bool lacuna::emulator::runMma(Block &block, Lanes &lanes) {
  if (!wholeWarp(block, lanes))
    return false;
  const Slots &first = lanes[0]->arguments;
  MmaShape shape = {first.get<int32_t>(0), first.get<int32_t>(1), first.get<int32_t>(2),
                    MmaType(first.get<int32_t>(3))};
  constexpr int slotA = 4;
  int slotB = slotA + shape.registersA(), slotC = slotB + shape.registersB();
  int per = shape.elements();
  float a[16][16], b[16][8]; // [m][k], [k][n]
  for (int lane = 0; lane < 32; ++lane) {
    int g = lane / 4, t = lane % 4;
    for (int r = 0; r < shape.registersA(); ++r)
      for (int i = 0; i < per; ++i)
        a[g + r % 2 * 8][t * per + i + r / 2 * 4 * per] = element(*lanes[lane], slotA + r, i, shape.type);
    for (int r = 0; r < shape.registersB(); ++r)
      for (int i = 0; i < per; ++i)
        b[t * per + i + r * 4 * per][g] = element(*lanes[lane], slotB + r, i, shape.type);
  }
  for (int lane = 0; lane < 32; ++lane) {
    for (int r = 0; r < 4; ++r) {
      int row = lane / 4 + r / 2 * 8, column = lane % 4 * 2 + r % 2;
      // Products are exact in f32; the order of the sum is unspecified, so it is rounded once at the end.
      double sum = lanes[lane]->arguments.get<float>(slotC + r);
      for (int k = 0; k < shape.k; ++k)
        sum += double(a[row][k]) * double(b[k][column]);
      lanes[lane]->results.set(r, float(sum));
    }
  }
  ++block.counters.mma;
  return true;
}
