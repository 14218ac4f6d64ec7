// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// C interface: element types are in DType.cpp, programs in CApiProgram.cpp; here are devices and runs.
#include "runtime/CApi.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

using namespace lacuna::runtime;

//===--- Devices --------------------------------------------------------------------------------------------------===//

lacunaStatus lacunaDeviceOpen(const char *name, lacunaDevice **device) {
  return guarded([&]() -> Status {
    if (device)
      *device = nullptr;
    if (Status status = requireNonNull(name, device); !status.ok())
      return status;
    Result<std::shared_ptr<Device>> opened = openDevice(name);
    if (!opened.ok())
      return opened.status();
    *device = new lacunaDevice{std::move(*opened)};
    return success();
  });
}

void lacunaDeviceDestroy(lacunaDevice *device) { delete device; }

/// The thread settings of a device, for the three functions below.
template <typename Body> static lacunaStatus withExecutors(const lacunaDevice *device, Body body) {
  return guarded([&]() -> Status {
    if (Status status = requireNonNull(device); !status.ok())
      return status;
    ExecutorSlot *executors = device->device->executors();
    if (!executors)
      return failure(LACUNA_UNSUPPORTED, "device " + device->device->name() + " does not run on host threads");
    return body(*executors);
  });
}

lacunaStatus lacunaDeviceSetNumThreads(lacunaDevice *device, int64_t threads) {
  return withExecutors(device, [&](ExecutorSlot &executors) { return executors.setThreads(threads); });
}

lacunaStatus lacunaDeviceNumThreads(const lacunaDevice *device, int64_t *threads) {
  return withExecutors(device, [&](ExecutorSlot &executors) -> Status {
    if (Status status = requireNonNull(threads); !status.ok())
      return status;
    *threads = executors.get()->threads();
    return success();
  });
}

lacunaStatus lacunaDeviceSetParallelFor(lacunaDevice *device, lacunaParallelFor parallel_for, void *user) {
  return withExecutors(device, [&](ExecutorSlot &executors) {
    executors.setCallback(parallel_for, user);
    return success();
  });
}

lacunaStatus lacunaDeviceAllocate(lacunaDevice *device, int64_t bytes, void **memory) {
  return guarded([&]() -> Status {
    if (Status status = requireNonNull(device, memory); !status.ok())
      return status;
    *memory = nullptr;
    if (bytes < 0)
      return expectsButGot("allocation", "at least 0 bytes", std::to_string(bytes));
    Result<void *> allocated = device->device->allocate(std::max<int64_t>(bytes, 1), nullptr);
    if (!allocated.ok())
      return allocated.status();
    *memory = *allocated;
    return success();
  });
}

lacunaStatus lacunaDeviceFree(lacunaDevice *device, void *memory) {
  return guarded([&]() -> Status {
    if (Status status = requireNonNull(device); !status.ok() || !memory)
      return status;
    return device->device->deallocate(memory, nullptr);
  });
}

lacunaStatus lacunaDeviceCopyIn(lacunaDevice *device, void *to_device, const void *from, int64_t bytes) {
  return guarded([&]() -> Status {
    if (Status status = requireNonNull(device); !status.ok())
      return status;
    if (bytes < 0 || (bytes > 0 && (!to_device || !from)))
      return invalidArgument("copy of " + std::to_string(bytes) + " bytes: expects two pointers and a size");
    return device->device->copyIn(to_device, from, bytes);
  });
}

lacunaStatus lacunaDeviceCopyOut(lacunaDevice *device, void *to, const void *from_device, int64_t bytes) {
  return guarded([&]() -> Status {
    if (Status status = requireNonNull(device); !status.ok())
      return status;
    if (bytes < 0 || (bytes > 0 && (!to || !from_device)))
      return invalidArgument("copy of " + std::to_string(bytes) + " bytes: expects two pointers and a size");
    return device->device->copyOut(to, from_device, bytes);
  });
}

//===--- Runs -----------------------------------------------------------------------------------------------------===//

lacunaStatus lacunaProgramPrepare(lacunaProgram *program, lacunaDevice *device, int64_t *target) {
  return guarded([&]() -> Status {
    if (Status status = requireNonNull(program, device); !status.ok())
      return status;
    auto executable = program->program.executable(device->device);
    if (!executable.ok())
      return executable.status();
    if (target)
      *target = int64_t((*executable)->target());
    return success();
  });
}

namespace {
/// A call on its way: loaded code, checked arguments, the shapes that follow from them.
struct Call {
  std::shared_ptr<const Executable> executable;
  const Entry &entry;
  ParameterBlock block;
  std::vector<int64_t> resultSizes;
};
} // namespace

static Result<Call> prepareCall(lacunaProgram *program, lacunaDevice *device, int64_t entry,
                                const lacunaValue *arguments, int64_t count, DataPointers pointers) {
  if (Status status = requireNonNull(program, device); !status.ok())
    return status;
  const auto &entries = program->program.contents().entries;
  if (Status status = requireIndex("entry", entry, entries.size()); !status.ok())
    return status;
  const Entry &found = entries[size_t(entry)];
  Result<ParameterBlock> block = packArguments(found, arguments, count, pointers);
  if (!block.ok())
    return block.status();
  auto executable = program->program.executable(device->device);
  if (!executable.ok())
    return executable.status();
  Result<std::vector<int64_t>> sizes = (*executable)->resultShapes(size_t(entry), *block);
  if (!sizes.ok())
    return sizes.status();
  return Call{std::move(*executable), found, std::move(*block), std::move(*sizes)};
}

lacunaStatus lacunaResultShapes(lacunaProgram *program, lacunaDevice *device, int64_t entry,
                                const lacunaValue *arguments, int64_t num_arguments, int64_t *sizes) {
  return guarded([&]() -> Status {
    Result<Call> call = prepareCall(program, device, entry, arguments, num_arguments, DataPointers::optional);
    if (!call.ok())
      return call.status();
    if (!sizes && !call->resultSizes.empty())
      return requireNonNull(sizes);
    std::copy(call->resultSizes.begin(), call->resultSizes.end(), sizes);
    return success();
  });
}

lacunaStatus lacunaWorkspaceBytes(lacunaProgram *program, lacunaDevice *device, int64_t entry,
                                  const lacunaValue *arguments, int64_t num_arguments, int64_t *bytes) {
  return guarded([&]() -> Status {
    Result<Call> call = prepareCall(program, device, entry, arguments, num_arguments, DataPointers::optional);
    if (!call.ok())
      return call.status();
    if (Status status = requireNonNull(bytes); !status.ok())
      return status;
    if (Status status = packResultShapes(call->block, call->entry, call->resultSizes); !status.ok())
      return status;
    Result<int64_t> needed = call->executable->workspaceBytes(size_t(entry), call->block);
    if (needed.ok())
      *bytes = *needed;
    return needed.ok() ? success() : needed.status();
  });
}

static Status checkWorkspace(const lacunaRunOptions &options, int64_t needed) {
  if (options.workspace_bytes < needed)
    return expectsButGot("workspace", "at least " + std::to_string(needed) + " bytes",
                         std::to_string(options.workspace_bytes));
  if (uintptr_t excess = reinterpret_cast<uintptr_t>(options.workspace) % 64)
    return expectsButGot("workspace", "a 64-byte aligned pointer",
                         "one " + std::to_string(excess) + " bytes past such");
  return success();
}

/// Size of lacunaRunOptions in its first version: less is a forgotten struct_size.
constexpr size_t firstOptionsBytes = offsetof(lacunaRunOptions, counts) + sizeof(lacunaRunOptions::counts);

/// Runs with the caller's workspace, or with one that lives for the run.
static Status runCall(const Call &call, size_t entry, const lacunaRunOptions &options) {
  Result<int64_t> needed = call.executable->workspaceBytes(entry, call.block);
  if (!needed.ok())
    return needed.status();
  if (*needed == 0 || options.workspace) {
    if (Status status = checkWorkspace(options, *needed); *needed > 0 && !status.ok())
      return status;
    return call.executable->run(entry, call.block, options.workspace, *needed, options.stream, options.counts);
  }
  Device &device = call.executable->device();
  Result<void *> workspace = device.allocate(*needed, options.stream);
  if (!workspace.ok())
    return workspace.status();
  Status status = call.executable->run(entry, call.block, *workspace, *needed, options.stream, options.counts);
  Status freed = device.deallocate(*workspace, options.stream);
  return status.ok() ? freed : status;
}

lacunaStatus lacunaRun(lacunaProgram *program, lacunaDevice *device, int64_t entry, const lacunaValue *arguments,
                       int64_t num_arguments, const lacunaTensor *results, int64_t num_results,
                       const lacunaRunOptions *options) {
  return guarded([&]() -> Status {
    lacunaRunOptions given = {};
    if (options && options->struct_size < firstOptionsBytes)
      return expectsButGot("lacunaRunOptions.struct_size", "at least " + std::to_string(firstOptionsBytes),
                           std::to_string(options->struct_size));
    // An older caller lacks the last members, a newer one has some we do not know.
    if (options)
      std::memcpy(&given, options, std::min(options->struct_size, sizeof(given)));
    if (given.counts)
      *given.counts = {};
    Result<Call> call = prepareCall(program, device, entry, arguments, num_arguments, DataPointers::required);
    if (!call.ok())
      return call.status();
    if (Status status = packResults(call->block, call->entry, results, num_results, call->resultSizes); !status.ok())
      return status;
    return runCall(*call, size_t(entry), given);
  });
}
