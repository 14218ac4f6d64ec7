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

void lacuna::buildCpuPipeline(OpPassManager &pm, bool emulate) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createTileOutlineCostPass());
  pm.addPass(createTileAssignMemory());
  pm.addPass(createTileAssignLayouts());
  pm.addPass(createTileFuseMaps());
  pm.addPass(createTileReuseBuffers());
  pm.addPass(createConvertTileToCpuPass());
  if (emulate)
    pm.addPass(createEmulateCpu());
  else
    pm.addPass(createCpuUseInstructionsPass());
  pm.addPass(createCpuExpandMathPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}
