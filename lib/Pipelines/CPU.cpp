// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile → CPU.
#include "lib/Pipelines/Pipelines.h"
#include "passes/Emulation/Passes.h"
#include "passes/Memory/Passes.h"
#include "passes/Tiling/Passes.h"
#include "passes/ToCPU/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void lacuna::buildCpuMemoryPipeline(OpPassManager &pm) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createTileAssignMemory());
  pm.addPass(createTileAssignLayouts());
  pm.addPass(createTileShareCopies());
  pm.addPass(createTileOutlineCostPass()); // last: a twin takes its kernel's parameters
}

void lacuna::buildCpuPipeline(OpPassManager &pm, bool emulate) {
  pm.addPass(createTileGroupQueries());
  pm.addPass(createTileFuseMaps());
  pm.addPass(createTileReuseBuffers()); // nothing may merge tiles after it
  pm.addPass(createConvertTileToCpuPass());
  pm.addPass(createCpuInterleaveProductsPass());
  if (emulate)
    pm.addPass(createEmulateCpu());
  else
    pm.addPass(createCpuUseInstructionsPass());
  pm.addPass(createCpuExpandMathPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}
