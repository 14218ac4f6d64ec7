// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a GPU kernel on the CPU, one fiber per GPU thread and one OS thread per block, and checks what a GPU does not:
// see docs/design/emulator.md. Kernels come from the pass `emulate-gpu`.
#ifndef LACUNA_RUNTIME_EMULATOR_EMULATOR_H
#define LACUNA_RUNTIME_EMULATOR_EMULATOR_H

#include "runtime/emulator/EmulatorAbi.h"

#include <string>
#include <vector>

namespace lacuna::emulator {

/// Global memory that the kernel may touch.
struct EmulatedRange {
  const void *begin = nullptr;
  int64_t bytes = 0;
  std::string name; ///< for messages: "q"
  bool writable = true;
};

struct EmulatedLaunch {
  std::string name;                       ///< for messages
  void (*kernel)(const void *) = nullptr; ///< what one GPU thread does
  int64_t grid[3] = {1, 1, 1};
  int64_t block[3] = {1, 1, 1}; ///< at most 1024 threads
  const void *params = nullptr;
  int64_t paramsBytes = 0;
  int64_t sharedBytes = 0; ///< static and dynamic together, at most 256 KiB
  std::vector<EmulatedRange> ranges;
  int osThreads = 0; ///< 0: one per core
};

/// What the emulator counted. Warp-wide instructions count once per warp, barriers once per completion.
struct EmulatedCounters {
  int64_t mma = 0;
  int64_t ldmatrix = 0;
  int64_t shuffles = 0;
  int64_t barriers = 0;
  int64_t globalBytesRead = 0, globalBytesWritten = 0;
  int64_t sharedBytesRead = 0, sharedBytesWritten = 0;
  int64_t asyncBytes = 0;    ///< copied by cp.async, also in the global reads and shared writes
  int64_t bankConflicts = 0; ///< extra passes of loads, stores and ldmatrix over the 32 banks of 4 bytes

  void add(const EmulatedCounters &other);
};

enum class EmulatedFault {
  none,
  invalidLaunch,
  globalOutOfBounds,
  sharedOutOfBounds,
  misaligned,
  uninitialisedRead,
  race,
  missingAsyncWait,
  barrierDivergence,
  warpDivergence,
};

struct EmulatedReport {
  bool ok = true;
  EmulatedFault fault = EmulatedFault::none;
  std::string message; ///< lower case, names kernel, block, thread, address and instruction
  EmulatedCounters counters;
};

/// Runs the launch to its end or to the first fault (of the first block that has one). Reentrant.
EmulatedReport emulate(const EmulatedLaunch &launch);

/// What `lacuna_emulator` of a loaded kernel must point to.
const lacunaEmulator *emulatorTable();

} // namespace lacuna::emulator

#endif // LACUNA_RUNTIME_EMULATOR_EMULATOR_H
