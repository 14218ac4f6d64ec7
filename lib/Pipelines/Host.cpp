// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The host side, the same for every target: which passes, in which order.
#include "lib/Pipelines/Pipelines.h"

#include "passes/Host/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void lacuna::buildPreparePipeline(OpPassManager &pm) {
  pm.addPass(createInlinerPass());
  pm.addPass(createSymbolDCEPass());
  pm.addPass(createHostEmitResultShapesPass());
}

void lacuna::buildHostPipeline(OpPassManager &pm) {
  // Upstream ops around attention: few loops over memory.
  pm.addPass(createConvertElementwiseToLinalgPass());
  pm.addPass(createHostDecomposeLinalgPass());
  pm.addPass(createLinalgGeneralizeNamedOpsPass());
  pm.addPass(createLinalgElementwiseOpFusionPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // Tensors to memory of the caller.
  pm.addPass(createHostResultsToArgumentsPass());
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  pm.addPass(createHostCarryInPlacePass()); // last: what is read may be what is carried, so nothing else should write there
  pm.addPass(createHostBufferizePass());
  pm.addPass(memref::createResolveShapedTypeResultDimsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createCanonicalizerPass()); // copies of a view to itself, which CSE made one
  // Entry points.
  pm.addPass(createHostPlanWorkspacePass());
  pm.addPass(createHostEmitEntriesPass());
  pm.addPass(createHostCopyToLinalgPass());
  pm.addPass(createConvertLinalgToLoopsPass());
  pm.addPass(createCanonicalizerPass());
}

void lacuna::buildToLLVMPipeline(OpPassManager &pm, const ToLLVMOptions &options) {
  // 16-bit arithmetic is done in f32, and nothing may end as a library call.
  pm.addPass(math::createMathExtendToSupportedTypes());
  arith::ArithEmulateUnsupportedFloatsOptions emulate;
  emulate.sourceTypeStrs = {"bf16", "f16"};
  emulate.targetTypeStr = "f32";
  pm.addPass(arith::createArithEmulateUnsupportedFloats(emulate));
  pm.addPass(createHostLegalizeFloatsPass({/*approximate=*/!options.reference}));
  pm.addPass(arith::createArithExpandOpsPass({/*includeBf16=*/true}));
  // Control flow, then launches, which may leave the function.
  pm.addPass(createLowerAffinePass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createHostLowerLaunchPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  ConvertVectorToLLVMPassOptions toLLVM;
  toLLVM.amx = true;
  pm.addPass(createConvertVectorToLLVMPass(toLLVM));
  pm.addPass(createConvertMathToLLVMPass());
  if (options.reference)
    pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void lacuna::registerHostPipelines() {
  PassPipelineRegistration<>("lacuna-prepare", "inline entries and add their result shapes", buildPreparePipeline);
  PassPipelineRegistration<>("lacuna-cpu-memory", "tile kernels and launches on tensors: a CPU's spaces, layouts, shared copies and cost twins", buildCpuMemoryPipeline);
  PassPipelineRegistration<>("lacuna-host", "entries on tensors to entry points on loops and memrefs", buildHostPipeline);
  PassPipelineRegistration<>("lacuna-to-llvm", "loops, memrefs and launches to the LLVM dialect",
                             [](OpPassManager &pm) { buildToLLVMPipeline(pm); });
}
