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

Session::~Session() {
  for (void *memory : allocations)
    (void)lacunaDeviceFree(device, memory);
}

Result<void *> Session::allocate(int64_t bytes) {
  void *memory = nullptr;
  Status status = checked(lacunaDeviceAllocate(device, std::max<int64_t>(bytes, 64), &memory));
  if (!status.ok())
    return status;
  allocations.push_back(memory);
  return memory;
}

Result<void *> Session::allocateCopy(const HostTensor &tensor) {
  int64_t bytes = int64_t(tensor.bytes.size());
  Result<void *> memory = allocate(bytes);
  if (!memory.ok())
    return memory;
  Status status = checked(lacunaDeviceCopyIn(device, *memory, tensor.bytes.data(), bytes));
  return status.ok() ? std::move(memory) : Result<void *>(status);
}

Status Session::copyIn(const std::vector<HostValue> &values) {
  shapes.reserve(values.size()); // they are pointed to
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
      const std::vector<int64_t> &shape = shapes.emplace_back(value.tensor.shape);
      argument.tensor = {*memory, value.dtype, int32_t(shape.size()), shape.data(), nullptr};
    }
    arguments.push_back(argument);
  }
  return success();
}

Status Session::makeResults() {
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
  hostResults.reserve(infos.size()); // shapes are pointed to
  for (const lacunaArgumentInfo &result : infos) {
    Result<HostTensor> tensor = makeTensor(result.dtype, {next, next + result.rank});
    if (!tensor.ok())
      return tensor.status();
    next += result.rank;
    std::fill(tensor->bytes.begin(), tensor->bytes.end(), char(-1)); // NaN in every float type
    Result<void *> memory = allocateCopy(*tensor);
    if (!memory.ok())
      return memory.status();
    hostResults.push_back(std::move(*tensor));
    results.push_back({*memory, result.dtype, result.rank, hostResults.back().shape.data(), nullptr});
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

Result<double> Session::run(lacunaTileCounts *counts) {
  lacunaRunOptions options = {};
  options.struct_size = sizeof(options);
  options.workspace = workspace;
  options.workspace_bytes = workspaceBytes;
  options.counts = counts;
  auto start = std::chrono::steady_clock::now();
  Status status = checked(lacunaRun(program, device, entry, arguments.data(), int64_t(arguments.size()), results.data(),
                                    int64_t(results.size()), &options));
  if (status.ok() && !allocations.empty()) {
    // Copies wait for the runs before them: how to wait for a device whose runs are only queued.
    char byte;
    status = checked(lacunaDeviceCopyOut(device, &byte, allocations.back(), 1));
  }
  std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  return status.ok() ? Result<double>(elapsed.count()) : status;
}

Result<std::vector<HostTensor>> Session::copyResults() {
  for (size_t i = 0; i < results.size(); ++i) {
    HostTensor &tensor = hostResults[i];
    Status status =
        checked(lacunaDeviceCopyOut(device, tensor.bytes.data(), results[i].data, int64_t(tensor.bytes.size())));
    if (!status.ok())
      return status;
  }
  return hostResults;
}

Result<std::unique_ptr<Session>> Session::create(lacunaProgram *program, lacunaDevice *device, int64_t entry,
                                                 const std::vector<HostValue> &values) {
  std::unique_ptr<Session> session(new Session(program, device, entry));
  Status status = checked(lacunaProgramPrepare(program, device, &session->target));
  if (status.ok())
    status = session->copyIn(values);
  if (status.ok())
    status = session->makeResults();
  if (status.ok())
    status = session->makeWorkspace();
  return status.ok() ? Result<std::unique_ptr<Session>>(std::move(session)) : status;
}

Result<Outcome> lacuna::run::execute(lacunaProgram *program, lacunaDevice *device, int64_t entry,
                                     const std::vector<HostValue> &values, int64_t repeat) {
  Result<std::unique_ptr<Session>> session = Session::create(program, device, entry, values);
  if (!session.ok())
    return session.status();
  Outcome outcome;
  outcome.target = (*session)->getTarget();
  int64_t warmUps = repeat > 1;
  for (int64_t i = 0; i < warmUps + repeat; ++i) {
    Result<double> seconds = (*session)->run(i == 0 ? &outcome.counts : nullptr);
    if (!seconds.ok())
      return seconds.status();
    if (i >= warmUps)
      outcome.seconds.push_back(*seconds);
  }
  Result<std::vector<HostTensor>> results = (*session)->copyResults();
  if (!results.ok())
    return results.status();
  outcome.results = std::move(*results);
  return outcome;
}
