// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// convert-tile-to-rocdl: kernels move into a gpu.module and the shared lowering runs with AMD's instructions.
#include "lib/GPU/Lowering.h"
#include "lib/Support/KernelTarget.h"
#include "passes/ToROCDL/AmdTarget.h"
#include "passes/ToROCDL/Passes.h"

#include "mlir/Dialect/LLVMIR/ROCDLDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_CONVERTTILETOROCDL
#include "passes/ToROCDL/ToROCDLPasses.h.inc"

namespace {

constexpr unsigned kConstantSpace = 4; // kernarg segment

const KernelFrame kFrame{kConstantSpace, LLVM::LLVMDialect::getByRefAttrName(),
                         ROCDL::ROCDLDialect::getKernelFuncAttrName(),
                         /*dynamicShared=*/false, /*dottedSymbols=*/true};

struct ConvertTileToROCDL : impl::ConvertTileToROCDLBase<ConvertTileToROCDL> {
  void runOnOperation() override {
    SmallVector<tile::KernelOp> kernels(getOperation().getOps<tile::KernelOp>());
    if (kernels.empty())
      return;
    OpBuilder builder = OpBuilder::atBlockEnd(getOperation().getBody());
    auto module = gpu::GPUModuleOp::create(builder, getOperation().getLoc(), kKernelModule);
    for (tile::KernelOp kernel : kernels)
      if (failed(convert(kernel, module)))
        return signalPassFailure();
  }

  LogicalResult convert(tile::KernelOp kernel, gpu::GPUModuleOp module) {
    if (kernel.getNumResults() != 0) {
      kernel.erase();
      return success();
    }
    const TargetDescription *description = targetOf(kernel);
    attn::ScheduleAttr schedule = description ? scheduleOf(kernel) : nullptr;
    if (!schedule)
      return failure();
    if (description->kind != TargetKind::Amd)
      return kernel.emitOpError("expects an AMD target, but got ") << description->name;
    AmdTarget target(*description, schedule.getWarps(), sharedSymbol(kFrame, kernel.getSymName()));
    LLVM::LLVMFuncOp function = outlineKernel(kernel, module, kFrame, target);
    OpBuilder builder(function);
    std::string threads = std::to_string(target.threads());
    function->setAttr(ROCDL::ROCDLDialect::FlatWorkGroupSizeAttrHelper::getNameStr(),
                      builder.getStringAttr(threads + "," + threads));
    return lowerKernelBody(function, target);
  }
};

} // namespace
} // namespace lacuna
