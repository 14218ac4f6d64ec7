// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The cpu device: kernels are functions of the host object that run a range of work items. A launch asks every item
// what it will cost, cuts the items into pieces of equal cost and runs the pieces on the executor.
#include "runtime/CpuFeatures.h"
#include "runtime/Device.h"
#include "runtime/TileCost.h"
#include "runtime/WorkSplit.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/syscall.h>
#include <unistd.h>

using namespace lacuna::runtime;

namespace {
/// Enough pieces that a thread which finishes early finds more, few enough that a piece outweighs its scheduling.
constexpr int64_t chunksPerThread = 8;

struct CpuKernel {
  ItemsFunction run = nullptr;
  CostFunction cost = nullptr;
};

class CpuTarget final : public LoadedTarget {
public:
  CpuTarget(std::vector<CpuKernel> kernels, const ExecutorSlot &executors)
      : kernels(std::move(kernels)), executors(executors) {}

  Status launch(const Launch &launch) override {
    std::shared_ptr<const Executor> executor = executors.get();
    const CpuKernel &kernel = kernels[launch.kernel];
    int64_t maxChunks = executor->threads() == 1 ? 1 : executor->threads() * chunksPerThread;
    std::vector<int64_t> boundaries;
    // One thread needs no split, hence no costs unless someone wants the counts.
    if (kernel.cost && (maxChunks > 1 || launch.counts)) {
      lacunaTileCounts scratch = {};
      std::vector<int64_t> prefix;
      if (Status status = addTileCosts(kernel.cost, launch.params, launch.items, *executor,
                                       launch.counts ? *launch.counts : scratch, &prefix);
          !status.ok())
        return status;
      boundaries = splitByWeight(prefix, maxChunks);
    } else {
      boundaries = splitEvenly(launch.items, maxChunks);
    }
    return executor->parallelFor(int64_t(boundaries.size()) - 1, [&](int64_t chunk) {
      kernel.run(launch.params, boundaries[size_t(chunk)], boundaries[size_t(chunk) + 1]);
    });
  }

private:
  std::vector<CpuKernel> kernels;
  const ExecutorSlot &executors; // of the device, which outlives its targets
};

/// Linux hands out the AMX tile registers to processes that ask for them.
Status requestAmx() {
#if defined(__x86_64__)
  constexpr int requestPermission = 0x1023, tileData = 18; // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  static const int error = syscall(SYS_arch_prctl, requestPermission, tileData) == 0 ? 0 : errno;
  if (error)
    return failure(LACUNA_UNSUPPORTED, std::string("cannot get the AMX tile registers: ") + std::strerror(error));
#endif
  return success();
}

class CpuDevice final : public HostMemoryDevice {
public:
  Status initialize() { return executorSlot.initialize(); }
  std::string name() const override { return "cpu"; }
  std::string kind() const override { return "cpu"; }

  Status supports(const Target &target) const override {
    std::string list;
    for (const std::string &feature : missingFeatures(target.requirements, cpuFeatures()))
      list += (list.empty() ? "" : ", ") + feature;
    return list.empty() ? success() : failure(LACUNA_UNSUPPORTED, "needs CPU features this machine lacks: " + list);
  }

  Result<std::unique_ptr<LoadedTarget>> load(const Artifact &artifact, const Target &target,
                                             const HostObject &host) override {
    bool usesAmx = std::any_of(target.requirements.begin(), target.requirements.end(),
                               [](const std::string &feature) { return feature.rfind("amx_", 0) == 0; });
    if (usesAmx)
      if (Status status = requestAmx(); !status.ok())
        return status;
    std::vector<CpuKernel> kernels(target.kernels.size());
    for (size_t i = 0; i < kernels.size(); ++i) {
      if (Status status = host.resolve(target.kernels[i].symbol, kernels[i].run); !status.ok())
        return status;
      if (!target.kernels[i].cost)
        continue;
      if (Status status = host.resolve(*target.kernels[i].cost, kernels[i].cost); !status.ok())
        return status;
    }
    return std::unique_ptr<LoadedTarget>(std::make_unique<CpuTarget>(std::move(kernels), executorSlot));
  }
};
} // namespace

Result<std::shared_ptr<Device>> lacuna::runtime::openCpuDevice(const std::string &) {
  auto device = std::make_shared<CpuDevice>();
  if (Status status = device->initialize(); !status.ok())
    return status;
  return std::shared_ptr<Device>(device);
}
