// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs an entry on a device through the C interface of the runtime: copies arguments in, runs, times, copies results
// out. Nothing else in this tool calls lacunaRun.
#ifndef LACUNA_TOOLS_RUN_EXECUTE_H
#define LACUNA_TOOLS_RUN_EXECUTE_H

#include "Values.h"

#include <memory>

namespace lacuna::run {

struct Deleter {
  void operator()(lacunaProgram *program) const { lacunaProgramDestroy(program); }
  void operator()(lacunaDevice *device) const { lacunaDeviceDestroy(device); }
};
using ProgramHandle = std::unique_ptr<lacunaProgram, Deleter>;
using DeviceHandle = std::unique_ptr<lacunaDevice, Deleter>;

runtime::Result<ProgramHandle> loadProgram(const std::string &bytes);
/// Without `threads` the runtime chooses.
runtime::Result<DeviceHandle> openDevice(const std::string &name, std::optional<int64_t> threads = {});
/// An empty name stands for the only entry.
runtime::Result<int64_t> findEntry(const lacunaProgram *program, const std::string &name);

/// An entry with its arguments, results and workspace in the memory of a device: runs as often as it is asked to.
/// Results start out as NaN (integers: -1), so that an element that nobody writes shows.
class Session {
public:
  /// Program and device must outlive it.
  static runtime::Result<std::unique_ptr<Session>> create(lacunaProgram *program, lacunaDevice *device, int64_t entry,
                                                          const std::vector<HostValue> &values);
  Session(const Session &) = delete;
  ~Session();

  /// Returns when the device has finished: the seconds it took. `counts` may be null.
  runtime::Result<double> run(lacunaTileCounts *counts);
  /// What the last run wrote.
  runtime::Result<std::vector<HostTensor>> copyResults();
  /// The program's target that runs.
  int64_t getTarget() const { return target; }

private:
  Session(lacunaProgram *program, lacunaDevice *device, int64_t entry)
      : program(program), device(device), entry(entry) {}
  runtime::Status copyIn(const std::vector<HostValue> &values);
  runtime::Status makeResults();
  runtime::Status makeWorkspace();
  runtime::Result<void *> allocate(int64_t bytes);
  runtime::Result<void *> allocateCopy(const HostTensor &tensor);

  lacunaProgram *program;
  lacunaDevice *device;
  int64_t entry;
  std::vector<void *> allocations;
  std::vector<lacunaValue> arguments;
  std::vector<std::vector<int64_t>> shapes; ///< of the arguments, which point to them
  std::vector<lacunaTensor> results;
  std::vector<HostTensor> hostResults; ///< shapes that `results` points to, and space for copies
  void *workspace = nullptr;
  int64_t workspaceBytes = 0;
  int64_t target = 0;
};

struct Outcome {
  std::vector<HostTensor> results;
  std::vector<double> seconds; ///< one per timed run
  lacunaTileCounts counts = {};
  int64_t target = 0; ///< the program's target that ran
};

/// Runs `repeat` times, after one warm-up if that is more than once. Tile counts come from the first run.
runtime::Result<Outcome> execute(lacunaProgram *program, lacunaDevice *device, int64_t entry,
                                 const std::vector<HostValue> &values, int64_t repeat);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_EXECUTE_H
