// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a module for NVPTX to one for the host.
#include "passes/Emulation/HostModule.h"

#include "mlir/Dialect/DLTI/DLTI.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace lacuna;

bool lacuna::isKernel(LLVM::LLVMFuncOp function) {
  return function->hasAttr(NVVM::NVVMDialect::getKernelFuncAttrName()) ||
         function->hasAttr(gpu::GPUDialect::getKernelFuncAttrName());
}

bool lacuna::isShared(LLVM::GlobalOp global) { return global.getAddrSpace() == 3; }

static LogicalResult dissolve(gpu::GPUModuleOp source, ModuleOp module) {
  for (Operation &op : llvm::make_early_inc_range(*source.getBody())) {
    auto symbol = dyn_cast<SymbolOpInterface>(op);
    if (symbol && SymbolTable::lookupSymbolIn(module, symbol.getNameAttr()))
      return op.emitError() << "expects one definition of '" << symbol.getName() << "', but got two";
    op.moveBefore(module.getBody(), module.getBody()->end());
  }
  source.erase();
  return success();
}

FailureOr<SmallVector<LLVM::LLVMFuncOp>> lacuna::takeGpuFunctions(ModuleOp module) {
  SmallVector<LLVM::LLVMFuncOp> functions;
  auto gpuModules = llvm::to_vector(module.getOps<gpu::GPUModuleOp>());
  if (gpuModules.empty() && llvm::any_of(module.getOps<LLVM::LLVMFuncOp>(), isKernel))
    llvm::append_range(functions, module.getOps<LLVM::LLVMFuncOp>());
  for (gpu::GPUModuleOp gpuModule : gpuModules) {
    llvm::append_range(functions, gpuModule.getOps<LLVM::LLVMFuncOp>());
    if (failed(dissolve(gpuModule, module)))
      return failure();
  }
  llvm::erase_if(functions, [](LLVM::LLVMFuncOp function) { return function.isExternal(); });
  return functions;
}

void lacuna::dropGpuAttributes(LLVM::LLVMFuncOp function) {
  for (NamedAttribute attribute : llvm::to_vector(function->getDiscardableAttrs()))
    if (!attribute.getName().getValue().starts_with("lacuna."))
      function->removeDiscardableAttr(attribute.getName());
  function.removeArgAttrsAttr();
  function.removeResAttrsAttr();
  function.removePassthroughAttr();
  function.removeTargetCpuAttr();
  function.removeTuneCpuAttr();
  function.removeTargetFeaturesAttr();
  function.removeMemoryEffectsAttr(); // calls of the emulator have effects
  function.setCConv(LLVM::CConv::C);
  function.walk([](LLVM::LoadOp load) {
    load.setInvariant(false);
    load.setInvariantGroup(false);
  });
}

void lacuna::useHostTypes(LLVM::LLVMFuncOp function) {
  AttrTypeReplacer replacer;
  replacer.addReplacement(
      [](LLVM::LLVMPointerType type) -> Type { return LLVM::LLVMPointerType::get(type.getContext()); });
  replacer.addReplacement([](BFloat16Type type) -> Type { return IntegerType::get(type.getContext(), 16); });
  replacer.recursivelyReplaceElementsIn(function, /*replaceAttrs=*/true, /*replaceLocs=*/false, /*replaceTypes=*/true);
  function.walk([](Operation *op) {
    bool isNoCast =
        isa<LLVM::AddrSpaceCastOp, LLVM::BitcastOp>(op) && op->getOperand(0).getType() == op->getResult(0).getType();
    if (!isNoCast)
      return;
    op->replaceAllUsesWith(op->getOperands());
    op->erase();
  });
}

void lacuna::useHostLayout(ModuleOp module) {
  module.walk([](LLVM::GlobalOp global) {
    if (global.getAddrSpace())
      global.setAddrSpace(0);
  });
  for (StringRef name : {LLVM::LLVMDialect::getDataLayoutAttrName(), LLVM::LLVMDialect::getTargetTripleAttrName(),
                         StringRef(DLTIDialect::kDataLayoutAttrName), gpu::GPUDialect::getContainerModuleAttrName()})
    module->removeAttr(name);
}
