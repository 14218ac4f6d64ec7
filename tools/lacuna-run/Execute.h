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

struct Outcome {
  std::vector<HostTensor> results;
  std::vector<double> seconds; ///< one per timed run
  lacunaTileCounts counts = {};
  int64_t target = 0; ///< the program's target that ran
};

/// Runs `repeat` times, after one warm-up if that is more than once. Results start out as NaN (integers: -1), so that
/// an element that nobody writes shows. The workspace is allocated before, tile counts come from the first run.
runtime::Result<Outcome> execute(lacunaProgram *program, lacunaDevice *device, int64_t entry,
                                 const std::vector<HostValue> &values, int64_t repeat);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_EXECUTE_H
