// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Data exchange within a warp: shuffles, votes, elections and reductions, as the PTX manual defines them.
#include "runtime/emulator/Operations.h"

#include <algorithm>

using namespace lacuna::emulator;

/// The lane that `lane` reads from, by shfl.sync's rules; `valid` is its predicate.
static int sourceLane(ShuffleKind kind, int lane, uint32_t offset, uint32_t maskAndClamp, bool &valid) {
  int b = int(offset & 31), clamp = int(maskAndClamp & 31), segment = int(maskAndClamp >> 8 & 31);
  int maxLane = (lane & segment) | (clamp & ~segment), minLane = lane & segment;
  int source = lane;
  switch (kind) {
  case ShuffleKind::up:
    source = lane - b;
    valid = source >= maxLane;
    break;
  case ShuffleKind::down:
    source = lane + b;
    valid = source <= maxLane;
    break;
  case ShuffleKind::bfly:
    source = lane ^ b;
    valid = source <= maxLane;
    break;
  case ShuffleKind::idx:
    source = minLane | (b & ~segment);
    valid = source <= maxLane;
    break;
  }
  return valid ? source : lane;
}

static bool shuffle(Block &block, Lanes &lanes) {
  uint32_t values[32];
  for (int lane = 0; lane < 32; ++lane) {
    Thread *thread = lanes[lane];
    if (!thread)
      continue;
    bool valid = false;
    int source = sourceLane(ShuffleKind(thread->arguments.get<int32_t>(0)), lane, thread->arguments.get<uint32_t>(3),
                            thread->arguments.get<uint32_t>(4), valid);
    if (!lanes[source])
      return block.fail(EmulatedFault::warpDivergence, *thread,
                        "warp divergence: shuffle reads lane " + std::to_string(source) + ", which does not take part");
    values[lane] = lanes[source]->arguments.get<uint32_t>(2);
    thread->results.set(1, uint8_t(valid));
  }
  for (int lane = 0; lane < 32; ++lane)
    if (lanes[lane])
      lanes[lane]->results.set(0, values[lane]);
  ++block.counters.shuffles;
  return true;
}

static void vote(Lanes &lanes) {
  uint32_t ballot = 0, present = 0;
  for (int lane = 0; lane < 32; ++lane) {
    if (!lanes[lane])
      continue;
    present |= 1u << lane;
    ballot |= uint32_t(lanes[lane]->arguments.get<uint8_t>(2) & 1) << lane;
  }
  for (Thread *thread : lanes) {
    if (!thread)
      continue;
    uint32_t result = ballot;
    switch (VoteKind(thread->arguments.get<int32_t>(0))) {
    case VoteKind::any:
      result = ballot != 0;
      break;
    case VoteKind::all:
      result = ballot == present;
      break;
    case VoteKind::uni:
      result = ballot == 0 || ballot == present;
      break;
    case VoteKind::ballot:
      break;
    }
    thread->results.set(0, result);
  }
}

/// The manual leaves the choice open; hardware takes the lowest lane.
static void elect(Lanes &lanes) {
  bool elected = false;
  for (Thread *thread : lanes) {
    if (!thread)
      continue;
    thread->results.set(0, uint8_t(!elected));
    elected = true;
  }
}

static uint32_t combine(ReduceKind kind, uint32_t a, uint32_t b) {
  switch (kind) {
  case ReduceKind::add:
    return a + b;
  case ReduceKind::bitAnd:
    return a & b;
  case ReduceKind::bitOr:
    return a | b;
  case ReduceKind::bitXor:
    return a ^ b;
  case ReduceKind::max:
    return uint32_t(std::max(int32_t(a), int32_t(b)));
  case ReduceKind::min:
    return uint32_t(std::min(int32_t(a), int32_t(b)));
  case ReduceKind::umax:
    return std::max(a, b);
  case ReduceKind::umin:
    return std::min(a, b);
  }
  return 0;
}

static void reduce(Lanes &lanes) {
  bool any = false;
  uint32_t result = 0;
  for (Thread *thread : lanes) {
    if (!thread)
      continue;
    uint32_t value = thread->arguments.get<uint32_t>(2);
    result = any ? combine(ReduceKind(thread->arguments.get<int32_t>(0)), result, value) : value;
    any = true;
  }
  for (Thread *thread : lanes)
    if (thread)
      thread->results.set(0, result);
}

bool lacuna::emulator::runWarpOperation(Block &block, Lanes &lanes, Operation operation) {
  switch (operation) {
  case Operation::shuffle:
    return shuffle(block, lanes);
  case Operation::vote:
    vote(lanes);
    return true;
  case Operation::elect:
    elect(lanes);
    return true;
  case Operation::reduce:
    reduce(lanes);
    return true;
  case Operation::ldmatrix:
    return runLdmatrix(block, lanes);
  case Operation::mma:
    return runMma(block, lanes);
  default:
    __builtin_trap();
  }
}
