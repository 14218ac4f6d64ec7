// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a device implements: choose targets it can run, load one, launch kernels, hand out memory. cpu, cuda, hip and
// the emulator meet the rest of the runtime only here.
//
// A run goes: Program picks the first target the device supports -> loads the target's host object -> Device::load ->
// per run, the host object's NAME.run calls back -> LoadedTarget::launch once per kernel. Arguments are checked, the
// parameter block is filled and workspace is allocated before that, the same way for every device.
//
// A new device: a subclass of each of the two classes in one .cpp, and a row in OpenDevice.cpp.
#ifndef LACUNA_RUNTIME_DEVICE_H
#define LACUNA_RUNTIME_DEVICE_H

#include "runtime/Artifact.h"
#include "runtime/Executor.h"
#include "runtime/HostObject.h"
#include "runtime/ParameterBlock.h"

#include <memory>

namespace lacuna::runtime {

/// One launch. Nothing in it outlives the call.
struct Launch {
  size_t kernel;       ///< number in Target::kernels, in range
  const int64_t *grid; ///< 3 sizes; never negative, none is zero
  int64_t items;       ///< their product
  const void *params;  ///< kernel block in host memory
  int64_t paramsBytes;
  void *stream;
  lacunaTileCounts *counts; ///< add the visited tiles here if not null and the kernel has a cost function
  /// All memory the run may touch: arguments, results, workspace. Null unless the device checksMemory().
  const std::vector<MemoryRange> *memory;
};

/// A target's code on a device, ready to launch. Destroyed before the host object it was loaded with.
class LoadedTarget {
public:
  virtual ~LoadedTarget() = default;
  /// Several threads may call this at once. cpu and emulator return when the work is done, GPUs when it is queued.
  virtual Status launch(const Launch &launch) = 0;
};

class Device {
public:
  virtual ~Device() = default;

  /// As opened: "cpu", "emulate:sm_90a".
  virtual std::string name() const = 0;
  /// The `device` member of targets in artifacts that this device may run: "cpu", "emulate".
  virtual std::string kind() const = 0;
  /// Success if a target of that kind runs here; else why not, to follow "target 'NAME' " ("needs …").
  virtual Status supports(const Target &target) const = 0;
  /// Loads a supported target. `artifact` need not outlive the call, `host` outlives the result.
  virtual Result<std::unique_ptr<LoadedTarget>> load(const Artifact &artifact, const Target &target,
                                                     const HostObject &host) = 0;

  /// Memory, 64-byte aligned, for arguments and for the workspace of runs that bring none. `bytes` > 0. GPUs order both
  /// calls by the stream (nullptr: finished on return), so that workspace may be freed right after a queued run.
  virtual Result<void *> allocate(int64_t bytes, void *stream) = 0;
  virtual Status deallocate(void *memory, void *stream) = 0;
  /// Copies that have finished when they return.
  virtual Status copyIn(void *toDevice, const void *from, int64_t bytes) = 0;
  virtual Status copyOut(void *to, const void *fromDevice, int64_t bytes) = 0;

  /// Whether launches need to know all memory of the run (the emulator finds accesses outside of it).
  virtual bool checksMemory() const { return false; }

  /// Thread settings of devices that compute on the host; nullptr elsewhere.
  virtual ExecutorSlot *executors() { return nullptr; }
};

/// A device whose memory is the host's and whose work runs on host threads: the base of cpu and the emulator.
class HostMemoryDevice : public Device {
public:
  Result<void *> allocate(int64_t bytes, void *stream) override;
  Status deallocate(void *memory, void *stream) override;
  Status copyIn(void *toDevice, const void *from, int64_t bytes) override;
  Status copyOut(void *to, const void *fromDevice, int64_t bytes) override;
  ExecutorSlot *executors() override { return &executorSlot; }

protected:
  ExecutorSlot executorSlot;
};

/// Opens a device by its public name (`cpu`, `cuda:N`, `hip:N`, `emulate:CHIP`).
Result<std::shared_ptr<Device>> openDevice(const std::string &name);

/// The rows of OpenDevice.cpp. `id` is what follows the colon ("" without one).
Result<std::shared_ptr<Device>> openCpuDevice(const std::string &id);
/// Defined in runtime/emulator/; part of the build if LACUNA_HAS_EMULATOR is set.
Result<std::shared_ptr<Device>> openEmulatorDevice(const std::string &chip);

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_DEVICE_H
