// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile-assign-memory: spaces of tiles, by the rules of the kind of target.
#include "passes/Memory/CpuRules.h"
#include "passes/Memory/GpuRules.h"
#include "passes/Memory/Passes.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_TILEASSIGNMEMORY
#include "passes/Memory/MemoryPasses.h.inc"

namespace {
struct TileAssignMemory : impl::TileAssignMemoryBase<TileAssignMemory> {
  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<tile::KernelOp>()) {
      const TargetDescription *target = targetOf(kernel);
      if (!target)
        return signalPassFailure();
      // A kernel with results is the .cost twin of another: scalar code for the host.
      if (target->kind == TargetKind::Cpu)
        assignMemoryCpu(kernel, *target);
      else if (kernel.getNumResults() == 0 && failed(assignMemoryGpu(kernel, *target)))
        return signalPassFailure();
    }
  }
};
} // namespace
} // namespace lacuna
