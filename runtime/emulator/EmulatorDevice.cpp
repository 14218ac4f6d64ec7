// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The device `emulate:CHIP`: the kernels of a target `emulate` are functions of its host object (docs/design/abi.md),
// run by the emulator with every argument, result and the workspace registered as the global memory they may touch.
#include "runtime/Device.h"
#include "runtime/TileCost.h"
#include "runtime/emulator/Emulator.h"

using namespace lacuna::runtime;
using namespace lacuna::emulator;

namespace {
struct EmulatedKernel {
  Kernel description;
  void (*run)(const void *) = nullptr;
  CostFunction cost = nullptr;
};

class EmulatedTarget final : public LoadedTarget {
public:
  EmulatedTarget(std::vector<EmulatedKernel> kernels, const ExecutorSlot &executors)
      : kernels(std::move(kernels)), executors(executors) {}

  Status launch(const Launch &launch) override {
    const EmulatedKernel &kernel = kernels[launch.kernel];
    std::shared_ptr<const Executor> executor = executors.get();
    if (kernel.cost && launch.counts)
      if (Status status =
              addTileCosts(kernel.cost, launch.params, launch.items, *executor, *launch.counts, /*prefix=*/nullptr);
          !status.ok())
        return status;
    EmulatedReport report = emulate(makeLaunch(kernel, launch, int(executor->threads())));
    return report.ok ? success() : failure(LACUNA_EXECUTION_FAILED, report.message);
  }

private:
  static EmulatedLaunch makeLaunch(const EmulatedKernel &kernel, const Launch &launch, int osThreads) {
    EmulatedLaunch emulated;
    emulated.name = kernel.description.symbol;
    emulated.kernel = kernel.run;
    for (size_t d = 0; d < 3; ++d) {
      emulated.grid[d] = launch.grid[d];
      emulated.block[d] = kernel.description.block[d];
    }
    emulated.params = launch.params;
    emulated.paramsBytes = launch.paramsBytes;
    emulated.sharedBytes = kernel.description.sharedBytes;
    emulated.osThreads = osThreads;
    for (const MemoryRange &range : *launch.memory)
      emulated.ranges.push_back({range.begin, range.bytes, range.name, range.writable});
    return emulated;
  }

  std::vector<EmulatedKernel> kernels;
  const ExecutorSlot &executors; // of the device, which outlives its targets
};

class EmulatorDevice final : public HostMemoryDevice {
public:
  explicit EmulatorDevice(std::string chip) : chip(std::move(chip)) {}
  Status initialize() { return executorSlot.initialize(); }
  std::string name() const override { return "emulate:" + chip; }
  std::string kind() const override { return "emulate"; }
  bool checksMemory() const override { return true; }

  Status supports(const Target &target) const override {
    return target.name == chip ? success() : failure(LACUNA_UNSUPPORTED, "is for another chip");
  }

  Result<std::unique_ptr<LoadedTarget>> load(const Artifact &, const Target &target, const HostObject &host) override {
    const lacunaEmulator **table = nullptr;
    if (Status status = host.resolve(tableSymbol, table); !status.ok())
      return status;
    *table = emulatorTable();
    std::vector<EmulatedKernel> kernels;
    for (const Kernel &description : target.kernels) {
      EmulatedKernel kernel;
      kernel.description = description;
      if (Status status = host.resolve(description.symbol, kernel.run); !status.ok())
        return status;
      if (description.cost)
        if (Status status = host.resolve(*description.cost, kernel.cost); !status.ok())
          return status;
      kernels.push_back(std::move(kernel));
    }
    return std::unique_ptr<LoadedTarget>(std::make_unique<EmulatedTarget>(std::move(kernels), executorSlot));
  }

private:
  std::string chip;
};
} // namespace

Result<std::shared_ptr<Device>> lacuna::runtime::openEmulatorDevice(const std::string &chip) {
  auto device = std::make_shared<EmulatorDevice>(chip);
  if (Status status = device->initialize(); !status.ok())
    return status;
  return std::shared_ptr<Device>(device);
}
