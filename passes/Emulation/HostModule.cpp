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

void lacuna::expandBf16Truncation(LLVM::FPTruncOp op) {
  Type from = op.getArg().getType(), to = op.getType();
  if (!getElementTypeOrSelf(from).isF32() || !getElementTypeOrSelf(to).isBF16())
    return;
  ImplicitLocOpBuilder builder(op.getLoc(), op);
  auto vector = dyn_cast<VectorType>(to);
  auto shaped = [&](Type element) -> Type { return vector ? Type(vector.clone(element)) : element; };
  Type i32 = shaped(builder.getI32Type()), i16 = shaped(builder.getI16Type());
  auto constant = [&](int32_t value) -> Value {
    Attribute scalar = builder.getI32IntegerAttr(value);
    return LLVM::ConstantOp::create(builder, i32,
                                    vector ? DenseElementsAttr::get(cast<ShapedType>(i32), scalar) : scalar);
  };
  Value bits = LLVM::BitcastOp::create(builder, i32, op.getArg());
  Value sixteen = constant(16), upper = LLVM::LShrOp::create(builder, bits, sixteen);
  Value odd = LLVM::AndOp::create(builder, upper, constant(1));
  Value bias = LLVM::AddOp::create(builder, odd, constant(0x7fff));
  Value rounded = LLVM::LShrOp::create(builder, LLVM::AddOp::create(builder, bits, bias).getResult(), sixteen);
  Value isNan = LLVM::FCmpOp::create(builder, LLVM::FCmpPredicate::uno, op.getArg(), op.getArg());
  Value quiet = LLVM::OrOp::create(builder, upper, constant(0x40));
  Value chosen = LLVM::SelectOp::create(builder, isNan, quiet, rounded);
  Value narrow = LLVM::TruncOp::create(builder, i16, chosen);
  op.replaceAllUsesWith(LLVM::BitcastOp::create(builder, to, narrow).getResult());
  op.erase();
}

void lacuna::useHostPointers(ModuleOp module) {
  AttrTypeReplacer replacer;
  replacer.addReplacement(
      [](LLVM::LLVMPointerType type) -> Type { return LLVM::LLVMPointerType::get(type.getContext()); });
  replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/true, /*replaceLocs=*/false, /*replaceTypes=*/true);
  module.walk([](LLVM::AddrSpaceCastOp cast) {
    cast.replaceAllUsesWith(cast.getArg());
    cast.erase();
  });
  module.walk([](LLVM::GlobalOp global) {
    if (global.getAddrSpace())
      global.setAddrSpace(0);
  });
  for (StringRef name : {LLVM::LLVMDialect::getDataLayoutAttrName(), LLVM::LLVMDialect::getTargetTripleAttrName(),
                         StringRef(DLTIDialect::kDataLayoutAttrName), gpu::GPUDialect::getContainerModuleAttrName()})
    module->removeAttr(name);
}
