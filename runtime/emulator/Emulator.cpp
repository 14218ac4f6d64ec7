// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A launch: OS threads take blocks in order until all are done or one has a fault.
#include "runtime/emulator/Emulator.h"
#include "runtime/emulator/Block.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

using namespace lacuna::emulator;

void EmulatedCounters::add(const EmulatedCounters &other) {
  mma += other.mma;
  ldmatrix += other.ldmatrix;
  shuffles += other.shuffles;
  barriers += other.barriers;
  globalBytesRead += other.globalBytesRead;
  globalBytesWritten += other.globalBytesWritten;
  sharedBytesRead += other.sharedBytesRead;
  sharedBytesWritten += other.sharedBytesWritten;
  asyncBytes += other.asyncBytes;
  bankConflicts += other.bankConflicts;
}

static EmulatedReport invalid(const EmulatedLaunch &launch, const std::string &what) {
  return {false, EmulatedFault::invalidLaunch, "kernel '" + launch.name + "': " + what, {}};
}

/// An empty message if the launch is one that a GPU would take.
static std::string checkLaunch(const EmulatedLaunch &launch) {
  for (int64_t size : launch.grid)
    if (size < 0 || size > INT32_MAX)
      return "expects grid sizes in [0, 2^31), but got " + std::to_string(size);
  int64_t threads = 1;
  for (int64_t size : launch.block) {
    if (size < 1 || size > 1024)
      return "expects block sizes in [1, 1024], but got " + std::to_string(size);
    threads *= size;
  }
  if (threads > 1024)
    return "expects at most 1024 threads in a block, but got " + std::to_string(threads);
  if (launch.sharedBytes < 0 || launch.sharedBytes > sharedWindowBytes)
    return "expects at most " + std::to_string(sharedWindowBytes) + " bytes of shared memory, but got " +
           std::to_string(launch.sharedBytes);
  return "";
}

namespace {
/// What the OS threads of a launch share.
class Grid {
public:
  explicit Grid(const EmulatedLaunch &launch)
      : launch(launch), global(launch), blocks(launch.grid[0] * launch.grid[1] * launch.grid[2]) {}

  int64_t size() const { return blocks; }
  EmulatedReport takeReport() { return std::move(report); }

  /// The body of one OS thread.
  void work() {
    Block block(launch, global);
    if (!block.valid()) {
      std::lock_guard<std::mutex> guard(lock);
      report = invalid(launch, "cannot allocate the stacks of its threads");
      return;
    }
    // Blocks are taken in order and finished once taken, so the first faulty block is always the one reported.
    for (int64_t number; !stopped && (number = next++) < blocks;) {
      block.run(number);
      if (block.fault() == EmulatedFault::none)
        continue;
      stopped = true;
      recordFault(number, block);
      break;
    }
    std::lock_guard<std::mutex> guard(lock);
    report.counters.add(block.counters);
  }

private:
  void recordFault(int64_t number, const Block &block) {
    std::lock_guard<std::mutex> guard(lock);
    if (number >= firstFaulty)
      return;
    firstFaulty = number;
    report.ok = false;
    report.fault = block.fault();
    report.message = block.message();
  }

  const EmulatedLaunch &launch;
  GlobalMemory global;
  int64_t blocks;
  std::atomic<int64_t> next{0};
  std::atomic<bool> stopped{false};
  std::mutex lock;
  int64_t firstFaulty = INT64_MAX;
  EmulatedReport report;
};
} // namespace

EmulatedReport lacuna::emulator::emulate(const EmulatedLaunch &launch) {
  if (std::string wrong = checkLaunch(launch); !wrong.empty())
    return invalid(launch, wrong);
  Grid grid(launch);
  int64_t wanted = launch.osThreads > 0 ? launch.osThreads : int64_t(std::thread::hardware_concurrency());
  int64_t count = std::max<int64_t>(1, std::min(wanted, grid.size()));
  std::vector<std::thread> others;
  for (int64_t i = 1; i < count; ++i)
    others.emplace_back([&grid] { grid.work(); });
  grid.work();
  for (std::thread &thread : others)
    thread.join();
  return grid.takeReport();
}
