// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile → AMD: the order of passes, assembly and HSACO.
#include "lib/Pipelines/MachineCode.h"
#include "lib/Pipelines/Pipelines.h"
#include "lib/Support/Linker.h"
#include "passes/Memory/Passes.h"
#include "passes/ToROCDL/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace lacuna;

void lacuna::buildRocdlPipeline(OpPassManager &pm) {
  pm.addPass(createTileAssignMemory());
  pm.addPass(createTilePipeline());
  pm.addPass(createTileAssignLayouts());
  pm.addPass(createConvertTileToROCDL());
  OpPassManager &gpu = pm.nest<gpu::GPUModuleOp>();
  gpu.addPass(createCanonicalizerPass());
  gpu.addPass(createCSEPass());
  gpu.addPass(createLoopInvariantCodeMotionPass());
  gpu.addPass(memref::createExpandStridedMetadataPass());
  gpu.addPass(createLowerAffinePass());
  gpu.addPass(createSCFToControlFlowPass());
  gpu.addPass(arith::createArithExpandOpsPass());
  ConvertGpuOpsToROCDLOpsOptions options;
  options.chipset = "gfx942";
  gpu.addPass(createConvertGpuOpsToROCDLOps(options));
  gpu.addPass(createReconcileUnrealizedCastsPass());
  gpu.addPass(createCanonicalizerPass());
  gpu.addPass(createCSEPass());
}

FailureOr<GpuCode> lacuna::emitRocdl(ModuleOp module, const TargetDescription &target) {
  FailureOr<gpu::GPUModuleOp> kernels = kernelModule(module);
  if (failed(kernels))
    return failure();
  FailureOr<llvm::SmallString<0>> assembly = generateCode(*kernels, target, /*object=*/false);
  FailureOr<llvm::SmallString<0>> object = generateCode(*kernels, target, /*object=*/true);
  if (failed(assembly) || failed(object))
    return failure();
  std::string error;
  std::optional<std::vector<char>> binary = linkSharedObject(*object, {"--no-undefined"}, error);
  if (!binary)
    return module.emitError("expects lld to link the kernels, but got: ") << error;
  return GpuCode{std::string(*assembly), std::move(*binary), "", kernelsOf(*kernels)};
}

FailureOr<GpuCode> lacuna::compileRocdl(ModuleOp module, const TargetDescription &target) {
  PassManager pm(module.getContext());
  buildRocdlPipeline(pm);
  if (failed(pm.run(module)))
    return failure();
  return emitRocdl(module, target);
}
