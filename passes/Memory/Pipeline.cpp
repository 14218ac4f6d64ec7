// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile-pipeline: rings and copies ahead of use, by the rules of the kind of target.
#include "passes/Memory/GpuRules.h"
#include "passes/Memory/Passes.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_TILEPIPELINE
#include "passes/Memory/MemoryPasses.h.inc"

namespace {
struct TilePipeline : impl::TilePipelineBase<TilePipeline> {
  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<tile::KernelOp>()) {
      const TargetDescription *target = targetOf(kernel);
      if (!target)
        return signalPassFailure();
      // A kernel with results is the .cost twin of another: scalar code for the host.
      if (target->kind == TargetKind::Cpu || kernel.getNumResults() != 0)
        continue;
      if (failed(pipelineGpu(kernel, *target)))
        return signalPassFailure();
    }
  }
};
} // namespace
} // namespace lacuna
