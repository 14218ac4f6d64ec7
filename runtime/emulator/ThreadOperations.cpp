// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations of one thread alone.
#include "runtime/emulator/FloatFormats.h"
#include "runtime/emulator/Operations.h"

using namespace lacuna::emulator;

static int32_t readRegister(const Block &block, const Thread &thread, Register which) {
  uint32_t bit = 1u << thread.lane;
  int32_t number = int32_t(which);
  if (which <= Register::tidZ)
    return int32_t(thread.position[number]);
  if (which <= Register::ctaidZ)
    return int32_t(block.blockPosition[number - int32_t(Register::ctaidX)]);
  if (which <= Register::ntidZ)
    return int32_t(block.launch.block[number - int32_t(Register::ntidX)]);
  if (which <= Register::nctaidZ)
    return int32_t(block.launch.grid[number - int32_t(Register::nctaidX)]);
  switch (which) {
  case Register::laneId:
    return thread.lane;
  case Register::warpSize:
    return 32;
  case Register::warpId:
    return thread.warp;
  case Register::warpCount:
    return int32_t((block.launch.block[0] * block.launch.block[1] * block.launch.block[2] + 31) / 32);
  case Register::laneMaskEq:
    return int32_t(bit);
  case Register::laneMaskLt:
    return int32_t(bit - 1);
  case Register::laneMaskLe:
    return int32_t(bit | (bit - 1));
  case Register::laneMaskGt:
    return int32_t(~(bit | (bit - 1)));
  case Register::laneMaskGe:
    return int32_t(~(bit - 1));
  default:
    return 0;
  }
}

/// The GPU's approximate functions, computed exactly: results differ from a GPU's by its 1 to 2 units in the last
/// place. `.ftz` forms flush subnormal inputs and results to zero.
static float compute(MathFunction function, float x) {
  switch (function) {
  case MathFunction::exp2:
    return std::exp2(x);
  case MathFunction::exp2Ftz:
    return flushDenormal(std::exp2(flushDenormal(x)));
  case MathFunction::log2:
    return std::log2(x);
  case MathFunction::log2Ftz:
    return std::log2(flushDenormal(x));
  case MathFunction::rcpFtz:
    return flushDenormal(1.0f / flushDenormal(x));
  case MathFunction::tanh:
    return std::tanh(x);
  case MathFunction::sin:
    return std::sin(x);
  case MathFunction::cos:
    return std::cos(x);
  }
  return 0;
}

void lacuna::emulator::runThreadOperation(const Block &block, Thread &thread) {
  switch (thread.operation) {
  case Operation::readRegister:
    thread.results.set(0, readRegister(block, thread, Register(thread.arguments.get<int32_t>(0))));
    return;
  case Operation::sharedBase:
    thread.results.set(0, block.sharedBase());
    return;
  case Operation::sharedPointer:
    thread.results.set(0, block.sharedBase() + (thread.arguments.get<uint32_t>(0) & (sharedWindowBytes - 1)));
    return;
  case Operation::math:
    thread.results.set(0, compute(MathFunction(thread.arguments.get<int32_t>(0)), thread.arguments.get<float>(1)));
    return;
  default:
    __builtin_trap(); // pass and emulator disagree about the operations
  }
}
