// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chooses and loads targets, and stands between the host object's `run` and the device: the callbacks of
// struct lacunaHost arrive here.
#include "runtime/Program.h"

#include <algorithm>

using namespace lacuna::runtime;

//===--- Choosing a target ----------------------------------------------------------------------------------------===//

static std::string listTargets(const Artifact &artifact) {
  std::string list;
  for (const Target &target : artifact.targets)
    list += (list.empty() ? "" : ", ") + target.device + " (" + target.name + ")";
  return list.empty() ? "none" : list;
}

Result<size_t> lacuna::runtime::selectTarget(const Artifact &artifact, const Device &device) {
  std::string reasons;
  for (size_t i = 0; i < artifact.targets.size(); ++i) {
    const Target &target = artifact.targets[i];
    if (target.device != device.kind())
      continue;
    Status status = device.supports(target);
    if (status.ok())
      return i;
    reasons += (reasons.empty() ? "" : "; ") + std::string("target '") + target.name + "' " + status.message;
  }
  if (reasons.empty())
    return failure(LACUNA_UNSUPPORTED,
                   "no target for device " + device.name() + " in this artifact, which has: " + listTargets(artifact));
  return failure(LACUNA_UNSUPPORTED, "no target for device " + device.name() + " can run: " + reasons);
}

//===--- Loading --------------------------------------------------------------------------------------------------===//

Result<std::shared_ptr<const Executable>> Executable::load(const Artifact &artifact, std::shared_ptr<Device> device) {
  Result<size_t> number = selectTarget(artifact, *device);
  if (!number.ok())
    return number.status();
  const Target &target = artifact.targets[*number];
  Result<HostObject> host = HostObject::load(artifact.blobs[size_t(target.host)].bytes, "target '" + target.name + "'");
  if (!host.ok())
    return host.status();
  std::shared_ptr<Executable> executable(new Executable(std::move(device), std::move(*host)));
  executable->targetNumber = *number;
  executable->numKernels = target.kernels.size();
  if (Status status = executable->resolveEntries(artifact); !status.ok())
    return status;
  auto loaded = executable->owner->load(artifact, target, executable->host);
  if (!loaded.ok())
    return loaded.status();
  executable->loaded = std::move(*loaded);
  return std::shared_ptr<const Executable>(executable);
}

Status Executable::resolveEntries(const Artifact &artifact) {
  for (const Entry &entry : artifact.entries) {
    EntryFunctions functions;
    functions.name = entry.name;
    functions.entry = &entry;
    if (Status status = host.resolve(entry.name + ".run", functions.run); !status.ok())
      return status;
    if (Status status = host.resolve(entry.name + ".workspace_bytes", functions.workspaceBytes); !status.ok())
      return status;
    if (Status status = host.resolve(entry.name + ".result_shapes", functions.resultShapes); !status.ok())
      return status;
    entries.push_back(std::move(functions));
  }
  return success();
}

Result<std::shared_ptr<const Executable>> Program::executable(const std::shared_ptr<Device> &device) {
  std::lock_guard<std::mutex> lock(mutex);
  for (auto &[owner, executable] : executables)
    if (owner == device)
      return executable;
  // Forget devices that only we still know (two owners: the list and the executable) and that run nothing now.
  auto isGone = [](const auto &pair) { return pair.first.use_count() == 2 && pair.second.use_count() == 1; };
  executables.erase(std::remove_if(executables.begin(), executables.end(), isGone), executables.end());
  auto executable = Executable::load(artifact, device);
  if (executable.ok())
    executables.emplace_back(device, *executable);
  return executable;
}

//===--- Running --------------------------------------------------------------------------------------------------===//

Result<std::vector<int64_t>> Executable::resultShapes(size_t entry, const ParameterBlock &block) const {
  const EntryFunctions &functions = entries[entry];
  std::vector<int64_t> sizes(size_t(resultRanks(*functions.entry)), 0);
  functions.resultShapes(block.data(), sizes.data());
  size_t next = 0;
  for (const Argument &result : functions.entry->results)
    for (size_t d = 0; d < result.shape.size(); ++d, ++next)
      if (sizes[next] < 0)
        return expectsButGot("result '" + result.name + "', dimension " + std::to_string(d) +
                                 ", from the arguments' shapes",
                             "a size of at least 0", std::to_string(sizes[next]));
  return sizes;
}

Result<int64_t> Executable::workspaceBytes(size_t entry, const ParameterBlock &block) const {
  int64_t bytes = entries[entry].workspaceBytes(block.data());
  if (bytes < 0)
    return failure(LACUNA_EXECUTION_FAILED,
                   "entry '" + entries[entry].name + "' asks for " + std::to_string(bytes) + " bytes of workspace");
  return bytes;
}

/// What `run` gets as its host: the two callbacks, then our state.
struct Executable::RunState : lacunaHost {
  const Executable *executable;
  lacunaTileCounts *counts;
  std::vector<MemoryRange> memory; // only if the device checks it
  Status error;
};

int32_t Executable::failFromHost(const lacunaHost *host, const char *what, int64_t expected, int64_t got) {
  auto *state = static_cast<RunState *>(const_cast<lacunaHost *>(host));
  std::string message = what ? what : "entry";
  message += ": expects " + std::to_string(expected) + ", but got " + std::to_string(got);
  if (state->error.ok()) // the first failure is the cause
    state->error = failure(LACUNA_EXECUTION_FAILED, std::move(message));
  return state->error.code;
}

int32_t Executable::launchFromHost(const lacunaHost *host, int64_t kernel, const int64_t *grid, const void *params,
                                   int64_t bytes, void *stream) {
  auto *state = static_cast<RunState *>(const_cast<lacunaHost *>(host));
  // Generated code has no unwind tables: no exception may pass through it.
  Status status;
  try {
    status = state->executable->launch(*state, kernel, grid, params, bytes, stream);
  } catch (const std::bad_alloc &) {
    status = failure(LACUNA_OUT_OF_MEMORY, "out of memory in a launch");
  } catch (const std::exception &error) {
    status = failure(LACUNA_EXECUTION_FAILED, std::string("launch: ") + error.what());
  }
  if (!status.ok() && state->error.ok())
    state->error = status;
  return status.code;
}

Status Executable::launch(RunState &state, int64_t kernel, const int64_t *grid, const void *params, int64_t bytes,
                          void *stream) const {
  if (kernel < 0 || size_t(kernel) >= numKernels)
    return expectsButGot("launch", "a kernel number below " + std::to_string(numKernels), std::to_string(kernel));
  if (state.counts)
    ++state.counts->launches;
  bool isEmpty = false;
  for (int d = 0; d < 3; ++d) {
    if (grid[d] < 0)
      return expectsButGot("launch, grid dimension " + std::to_string(d), "a size of at least 0",
                           std::to_string(grid[d]));
    isEmpty |= grid[d] == 0;
  }
  if (isEmpty) {
    if (state.counts)
      ++state.counts->counted_launches; // no items: it visits no tile
    return success();
  }
  int64_t items = grid[0];
  if (__builtin_mul_overflow(items, grid[1], &items) || __builtin_mul_overflow(items, grid[2], &items))
    return expectsButGot("launch", "fewer than 2^63 work items", "more");
  return loaded->launch({size_t(kernel), grid, items, params, bytes, stream, state.counts,
                         owner->checksMemory() ? &state.memory : nullptr});
}

Status Executable::run(size_t entry, const ParameterBlock &block, void *workspace, int64_t bytes, void *stream,
                       lacunaTileCounts *counts) const {
  RunState state;
  state.lacunaHost::launch = launchFromHost;
  state.lacunaHost::fail = failFromHost;
  state.executable = this;
  state.counts = counts;
  if (owner->checksMemory()) {
    state.memory = memoryRanges(*entries[entry].entry, block);
    if (bytes > 0)
      state.memory.push_back({"workspace", workspace, bytes, true});
  }
  int32_t code = entries[entry].run(&state, block.data(), workspace, stream);
  if (!state.error.ok())
    return state.error;
  if (code != 0)
    return failure(LACUNA_EXECUTION_FAILED,
                   "entry '" + entries[entry].name + "' returned status " + std::to_string(code));
  return success();
}
