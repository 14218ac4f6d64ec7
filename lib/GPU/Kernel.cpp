// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The frame of a kernel (function, parameter block, work item, shared memory) and the conversion of its body.
#include "lib/GPU/Lowering.h"
#include "lib/Support/ParameterBlock.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::tile;

std::string lacuna::sharedSymbol(const KernelFrame &frame, StringRef name) {
  return frame.dynamicShared ? "lacuna_shared" : (name + ".shared").str();
}

// PTX identifiers hold letters, digits, _ and $.
std::string lacuna::kernelSymbol(const KernelFrame &frame, StringRef name) {
  std::string symbol = name.str();
  if (!frame.dottedSymbols)
    std::replace_if(symbol.begin(), symbol.end(), [](char c) { return !llvm::isAlnum(c) && c != '_'; }, '$');
  return symbol;
}

static int64_t sharedBytesOf(KernelOp kernel) {
  auto bytes = kernel->getAttrOfType<IntegerAttr>(TileDialect::getSharedBytesAttrName());
  return bytes ? bytes.getInt() : 0;
}

// Dynamic shared memory is one external symbol of unknown size for all kernels.
static void declareShared(KernelOp kernel, gpu::GPUModuleOp module, const KernelFrame &frame, const GpuTarget &target) {
  if (module.lookupSymbol(target.sharedSymbol))
    return;
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), frame.dynamicShared ? 0 : sharedBytesOf(kernel));
  LLVM::Linkage linkage = frame.dynamicShared ? LLVM::Linkage::External : LLVM::Linkage::Internal;
  LLVM::GlobalOp::create(builder, kernel.getLoc(), type, /*isConstant=*/false, linkage, target.sharedSymbol,
                         /*value=*/Attribute(), /*alignment=*/128, kSharedSpace);
}

static void setFunctionAttributes(LLVM::LLVMFuncOp function, KernelOp kernel, const KernelFrame &frame,
                                  const ParameterLayout &layout, const GpuTarget &target) {
  OpBuilder builder(function);
  Type block = LLVM::LLVMArrayType::get(builder.getI8Type(), layout.bytes);
  function.setArgAttr(0, frame.parameterAttribute, TypeAttr::get(block));
  function.setArgAttr(0, LLVM::LLVMDialect::getAlignAttrName(), builder.getI64IntegerAttr(ParameterLayout::kAlignment));
  function->setAttr(frame.kernelAttribute, builder.getUnitAttr());
  function->setAttr(kNameAttribute, kernel.getSymNameAttr());
  function->setAttr(kThreadsAttribute, builder.getI64IntegerAttr(target.threads()));
  function->setAttr(kSharedBytesAttribute, builder.getI64IntegerAttr(sharedBytesOf(kernel)));
  function->setAttr(kParameterBytesAttribute, builder.getI64IntegerAttr(layout.bytes));
}

LLVM::LLVMFuncOp lacuna::outlineKernel(KernelOp kernel, gpu::GPUModuleOp module, const KernelFrame &frame,
                                       const GpuTarget &target) {
  declareShared(kernel, module, frame, target);
  ParameterLayout layout = layoutParameters(kernel.getParameterTypes());
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  Type pointer = LLVM::LLVMPointerType::get(builder.getContext(), frame.parameterSpace);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(builder.getContext()), {pointer});
  auto function = LLVM::LLVMFuncOp::create(builder, kernel.getLoc(), kernelSymbol(frame, kernel.getSymName()), type);
  setFunctionAttributes(function, kernel, frame, layout, target);

  Block *entry = function.addEntryBlock(builder), *body = &kernel.getBody().front();
  builder.setInsertionPointToStart(entry);
  SmallVector<Value> arguments;
  for (auto [parameter, offset] : llvm::zip(kernel.getParameterTypes(), layout.offsets))
    arguments.push_back(
        loadParameter(builder, kernel.getLoc(), parameter, function.getArgument(0), offset, kGlobalSpace));
  for (gpu::Dimension dimension : {gpu::Dimension::x, gpu::Dimension::y, gpu::Dimension::z})
    arguments.push_back(gpu::BlockIdOp::create(builder, kernel.getLoc(), dimension));
  for (auto [argument, value] : llvm::zip(body->getArguments(), arguments))
    argument.replaceAllUsesWith(value);
  entry->getOperations().splice(entry->end(), body->getOperations());
  kernel.erase();
  return function;
}

namespace {
struct ReturnLowering : OpConversionPattern<ReturnOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(ReturnOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::ReturnOp>(op, ValueRange());
    return success();
  }
};
} // namespace

LogicalResult lacuna::lowerKernelBody(LLVM::LLVMFuncOp function, const GpuTarget &target) {
  MLIRContext *context = function.getContext();
  GpuTypeConverter converter;
  RewritePatternSet patterns(context);
  populateElementwisePatterns(patterns, converter, target);
  populateReducePatterns(patterns, converter, target);
  populateVisitPatterns(patterns, converter, target);
  populateTransferPatterns(patterns, converter, target);
  populateRingPatterns(patterns, converter, target);
  populateMathPatterns(patterns, target);
  patterns.add<ReturnLowering>(context);
  ConversionTarget legal(*context);
  legal.addIllegalDialect<TileDialect, math::MathDialect>();
  legal.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
  return applyPartialConversion(function, legal, std::move(patterns));
}
