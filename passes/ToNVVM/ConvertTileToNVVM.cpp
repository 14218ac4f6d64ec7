// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// convert-tile-to-nvvm: kernels move into a gpu.module and the shared lowering runs with NVIDIA's instructions.
#include "lib/GPU/Lowering.h"
#include "lib/Support/KernelTarget.h"
#include "passes/ToNVVM/NvidiaTarget.h"
#include "passes/ToNVVM/Passes.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_CONVERTTILETONVVM
#include "passes/ToNVVM/ToNVVMPasses.h.inc"

namespace {

const KernelFrame kFrame{/*parameterSpace=*/0, LLVM::LLVMDialect::getByValAttrName(),
                         NVVM::NVVMDialect::getKernelFuncAttrName(),
                         /*dynamicShared=*/true, /*dottedSymbols=*/false};

struct ConvertTileToNVVM : impl::ConvertTileToNVVMBase<ConvertTileToNVVM> {
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
    if (description->kind != TargetKind::Nvidia)
      return kernel.emitOpError("expects an NVIDIA target, but got ") << description->name;
    NvidiaTarget target(*description, schedule.getWarps(), sharedSymbol(kFrame, kernel.getSymName()));
    LLVM::LLVMFuncOp function = outlineKernel(kernel, module, kFrame, target);
    OpBuilder builder(function);
    function->setAttr(NVVM::NVVMDialect::getReqntidAttrName(),
                      builder.getDenseI32ArrayAttr({static_cast<int32_t>(target.threads()), 1, 1}));
    // The block is only read, so it may be read where the driver put it.
    function.setArgAttr(0, NVVM::NVVMDialect::getGridConstantAttrName(), builder.getUnitAttr());
    return lowerKernelBody(function, target);
  }
};

} // namespace
} // namespace lacuna
