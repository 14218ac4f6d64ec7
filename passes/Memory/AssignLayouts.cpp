// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile-assign-layouts: fragments and swizzles, by the rules of the kind of target.
#include "passes/Memory/CpuRules.h"
#include "passes/Memory/GpuRules.h"
#include "passes/Memory/Passes.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_TILEASSIGNLAYOUTS
#include "passes/Memory/MemoryPasses.h.inc"

namespace {
struct TileAssignLayouts : impl::TileAssignLayoutsBase<TileAssignLayouts> {
  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<tile::KernelOp>()) {
      const TargetDescription *target = targetOf(kernel);
      if (!target)
        return signalPassFailure();
      // A kernel with results is the .cost twin of another: scalar code for the host.
      if (target->kind == TargetKind::Cpu)
        assignLayoutsCpu(kernel);
      else if (kernel.getNumResults() == 0 && failed(assignLayoutsGpu(kernel, *target)))
        return signalPassFailure();
    }
  }
};
} // namespace
} // namespace lacuna
