// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program: a parsed artifact and, per device it was used on, the loaded code of one target. Runs entries.
#ifndef LACUNA_RUNTIME_PROGRAM_H
#define LACUNA_RUNTIME_PROGRAM_H

#include "runtime/Device.h"
#include "runtime/HostAbi.h"
#include "runtime/ParameterBlock.h"

#include <memory>
#include <mutex>

namespace lacuna::runtime {

/// Number of the first target in the artifact that `device` can run. The error says what each candidate lacks.
Result<size_t> selectTarget(const Artifact &artifact, const Device &device);

/// A target loaded on a device. Immutable once made; runs share it.
class Executable {
public:
  static Result<std::shared_ptr<const Executable>> load(const Artifact &artifact, std::shared_ptr<Device> device);

  size_t target() const { return targetNumber; }

  /// Sizes of all results for the arguments in `block`; an error if the entry gives a negative one.
  Result<std::vector<int64_t>> resultShapes(size_t entry, const ParameterBlock &block) const;
  /// Bytes of workspace for the arguments and result shapes in `block`.
  Result<int64_t> workspaceBytes(size_t entry, const ParameterBlock &block) const;
  /// `workspace` has `workspaceBytes(entry, block)` bytes.
  Status run(size_t entry, const ParameterBlock &block, void *workspace, int64_t bytes, void *stream,
             lacunaTileCounts *counts) const;

  Device &device() const { return *owner; }

private:
  struct EntryFunctions {
    std::string name;
    RunFunction run = nullptr;
    WorkspaceFunction workspaceBytes = nullptr;
    ShapesFunction resultShapes = nullptr;
    const Entry *entry = nullptr; // of the artifact, which outlives us
  };
  struct RunState;

  Executable(std::shared_ptr<Device> device, HostObject host) : owner(std::move(device)), host(std::move(host)) {}
  Status resolveEntries(const Artifact &artifact);
  static int32_t launchFromHost(const lacunaHost *, int64_t, const int64_t *, const void *, int64_t, void *);
  static int32_t failFromHost(const lacunaHost *, const char *, int64_t, int64_t);
  Status launch(RunState &state, int64_t kernel, const int64_t *grid, const void *params, int64_t bytes,
                void *stream) const;

  // Destroyed from the bottom up: device code before its host object, both before the device.
  std::shared_ptr<Device> owner;
  HostObject host;
  std::unique_ptr<LoadedTarget> loaded;
  std::vector<EntryFunctions> entries;
  size_t targetNumber = 0;
  size_t numKernels = 0;
};

class Program {
public:
  explicit Program(Artifact artifact) : artifact(std::move(artifact)) {}

  const Artifact &contents() const { return artifact; }

  /// The code for `device`, loaded on first use.
  Result<std::shared_ptr<const Executable>> executable(const std::shared_ptr<Device> &device);

private:
  const Artifact artifact;
  std::mutex mutex;
  std::vector<std::pair<std::shared_ptr<Device>, std::shared_ptr<const Executable>>> executables;
};

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_PROGRAM_H
