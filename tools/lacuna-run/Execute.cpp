// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Execute.h"

#include <algorithm>
#include <chrono>

using namespace lacuna;
using namespace lacuna::run;
using namespace lacuna::runtime;

/// The runtime's own message, if the call failed.
static Status checked(lacunaStatus status) {
  return status == LACUNA_OK ? success() : failure(status, lacunaLastError());
}

Result<ProgramHandle> lacuna::run::loadProgram(const std::string &bytes) {
  lacunaProgram *program = nullptr;
  Status status = checked(lacunaProgramLoad(bytes.data(), bytes.size(), &program));
  return status.ok() ? Result<ProgramHandle>(ProgramHandle(program)) : status;
}

Result<DeviceHandle> lacuna::run::openDevice(const std::string &name, std::optional<int64_t> threads) {
  lacunaDevice *device = nullptr;
  if (Status status = checked(lacunaDeviceOpen(name.c_str(), &device)); !status.ok())
    return status;
  DeviceHandle handle(device);
  if (threads)
    if (Status status = checked(lacunaDeviceSetNumThreads(device, *threads)); !status.ok())
      return status;
  return handle;
}

Result<int64_t> lacuna::run::findEntry(const lacunaProgram *program, const std::string &name) {
  int64_t entry = 0;
  Status status = checked(lacunaProgramFindEntry(program, name.empty() ? nullptr : name.c_str(), &entry));
  return status.ok() ? Result<int64_t>(entry) : status;
}

namespace {
/// Device memory of one run.
class Session {
public:
  Session(lacunaProgram *program, lacunaDevice *device, int64_t entry)
      : program(program), device(device), entry(entry) {}
  Session(const Session &) = delete;
  ~Session() {
    for (void *memory : allocations)
      (void)lacunaDeviceFree(device, memory);
  }

  Status copyIn(const std::vector<HostValue> &values);
  Status makeResults(Outcome &outcome);
  Status makeWorkspace();
  /// Returns when the device has finished.
  Status run(lacunaTileCounts *counts);
  Status copyOut(Outcome &outcome);

private:
  Result<void *> allocate(int64_t bytes) {
    void *memory = nullptr;
    Status status = checked(lacunaDeviceAllocate(device, std::max<int64_t>(bytes, 64), &memory));
    if (!status.ok())
      return status;
    allocations.push_back(memory);
    return memory;
  }
  Result<void *> allocateCopy(const HostTensor &tensor) {
    int64_t bytes = int64_t(tensor.bytes.size());
    Result<void *> memory = allocate(bytes);
    if (!memory.ok())
      return memory;
    Status status = checked(lacunaDeviceCopyIn(device, *memory, tensor.bytes.data(), bytes));
    return status.ok() ? std::move(memory) : Result<void *>(status);
  }

  lacunaProgram *program;
  lacunaDevice *device;
  int64_t entry;
  std::vector<void *> allocations;
  std::vector<lacunaValue> arguments;
  std::vector<lacunaTensor> results;
  void *workspace = nullptr;
  int64_t workspaceBytes = 0;
};
} // namespace

Status Session::copyIn(const std::vector<HostValue> &values) {
  for (const HostValue &value : values) {
    lacunaValue argument = {};
    argument.kind = value.kind;
    argument.dtype = value.dtype;
    argument.integer = value.integer;
    argument.real = value.real;
    if (value.kind == LACUNA_TENSOR) {
      Result<void *> memory = allocateCopy(value.tensor);
      if (!memory.ok())
        return memory.status();
      const std::vector<int64_t> &shape = value.tensor.shape;
      argument.tensor = {*memory, value.dtype, int32_t(shape.size()), shape.data(), nullptr};
    }
    arguments.push_back(argument);
  }
  return success();
}

Status Session::makeResults(Outcome &outcome) {
  lacunaEntryInfo info = {};
  lacunaProgramEntry(program, entry, &info);
  std::vector<lacunaArgumentInfo> infos(size_t(info.num_results));
  size_t dimensions = 0;
  for (size_t i = 0; i < infos.size(); ++i) {
    lacunaProgramResult(program, entry, int64_t(i), &infos[i]);
    dimensions += size_t(infos[i].rank);
  }
  std::vector<int64_t> sizes(dimensions);
  if (Status status = checked(
          lacunaResultShapes(program, device, entry, arguments.data(), int64_t(arguments.size()), sizes.data()));
      !status.ok())
    return status;
  const int64_t *next = sizes.data();
  outcome.results.reserve(infos.size()); // shapes are pointed to
  for (const lacunaArgumentInfo &result : infos) {
    Result<HostTensor> tensor = makeTensor(result.dtype, {next, next + result.rank});
    if (!tensor.ok())
      return tensor.status();
    next += result.rank;
    std::fill(tensor->bytes.begin(), tensor->bytes.end(), char(-1)); // NaN in every float type
    Result<void *> memory = allocateCopy(*tensor);
    if (!memory.ok())
      return memory.status();
    outcome.results.push_back(std::move(*tensor));
    results.push_back({*memory, result.dtype, result.rank, outcome.results.back().shape.data(), nullptr});
  }
  return success();
}

Status Session::makeWorkspace() {
  Status status = checked(
      lacunaWorkspaceBytes(program, device, entry, arguments.data(), int64_t(arguments.size()), &workspaceBytes));
  if (!status.ok() || workspaceBytes == 0)
    return status;
  Result<void *> memory = allocate(workspaceBytes);
  if (!memory.ok())
    return memory.status();
  workspace = *memory;
  return success();
}

Status Session::run(lacunaTileCounts *counts) {
  lacunaRunOptions options = {};
  options.struct_size = sizeof(options);
  options.workspace = workspace;
  options.workspace_bytes = workspaceBytes;
  options.counts = counts;
  Status status = checked(lacunaRun(program, device, entry, arguments.data(), int64_t(arguments.size()), results.data(),
                                    int64_t(results.size()), &options));
  if (!status.ok() || allocations.empty())
    return status;
  // Copies wait for the runs before them: how to wait for a device whose runs are only queued.
  char byte;
  return checked(lacunaDeviceCopyOut(device, &byte, allocations.back(), 1));
}

Status Session::copyOut(Outcome &outcome) {
  for (size_t i = 0; i < results.size(); ++i) {
    HostTensor &tensor = outcome.results[i];
    Status status =
        checked(lacunaDeviceCopyOut(device, tensor.bytes.data(), results[i].data, int64_t(tensor.bytes.size())));
    if (!status.ok())
      return status;
  }
  return success();
}

Result<Outcome> lacuna::run::execute(lacunaProgram *program, lacunaDevice *device, int64_t entry,
                                     const std::vector<HostValue> &values, int64_t repeat) {
  Outcome outcome;
  Session session(program, device, entry);
  if (Status status = checked(lacunaProgramPrepare(program, device, &outcome.target)); !status.ok())
    return status;
  if (Status status = session.copyIn(values); !status.ok())
    return status;
  if (Status status = session.makeResults(outcome); !status.ok())
    return status;
  if (Status status = session.makeWorkspace(); !status.ok())
    return status;
  int64_t warmUps = repeat > 1;
  for (int64_t i = 0; i < warmUps + repeat; ++i) {
    auto start = std::chrono::steady_clock::now();
    if (Status status = session.run(i == 0 ? &outcome.counts : nullptr); !status.ok())
      return status;
    std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    if (i >= warmUps)
      outcome.seconds.push_back(elapsed.count());
  }
  if (Status status = session.copyOut(outcome); !status.ok())
    return status;
  return outcome;
}
