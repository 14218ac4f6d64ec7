// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/MaskProbe.h"

#include "lacuna/InitAll.h"
#include "passes/Masks/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;

namespace lacuna {
namespace {

void addToLoops(PassManager &pm) {
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.functionBoundaryTypeConversion = bufferization::LayoutMapOption::IdentityLayoutMap;
  pm.addPass(bufferization::createOneShotBufferizePass(bufferize));
  pm.addPass(createConvertLinalgToLoopsPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createSCFToControlFlowPass());
}

void addToLLVM(PassManager &pm) {
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(arith::createArithExpandOpsPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
}

} // namespace

PackedArguments::PackedArguments(const std::vector<ProbeArgumentValue> &arguments) {
  scalars.reserve(arguments.size());
  for (const ProbeArgumentValue &argument : arguments) {
    scalars.push_back(argument.bytes);
    scalars.back().resize(std::max<size_t>(scalars.back().size(), 8));
    if (argument.isTensor)
      pushTensor(scalars.back().data(), argument.shape);
    else
      packed.push_back(scalars.back().data());
  }
}

/// A memref argument is its descriptor in pieces: allocated and aligned pointer, offset, sizes, strides.
void PackedArguments::pushTensor(const void *data, const std::vector<int64_t> &shape) {
  auto push = [&](int64_t word) {
    words.push_back(std::make_unique<int64_t>(word));
    packed.push_back(words.back().get());
  };
  push(reinterpret_cast<intptr_t>(data));
  push(reinterpret_cast<intptr_t>(data));
  push(0);
  for (int64_t size : shape)
    push(size);
  for (size_t dim = 0; dim < shape.size(); ++dim) {
    int64_t stride = 1;
    for (size_t inner = dim + 1; inner < shape.size(); ++inner)
      stride *= shape[inner];
    push(stride);
  }
}

BoundProbe::BoundProbe(Function function, const std::vector<ProbeArgumentValue> &arguments, int64_t batch, int64_t head, int64_t queries,
                       int64_t keys, WalkBudget *budget)
    : function(function), shared(budget), packed(arguments), fixed{batch, head, queries, keys} {
  for (int64_t &word : fixed)
    packed.push(&word);
  for (int64_t &word : ends)
    packed.push(&word);
  for (int64_t &word : bitsDescriptor)
    packed.push(&word);
  packed.push(result.data());
}

ProbeClass BoundProbe::call(const ProbeBox &box, int8_t *bits, int64_t rows, int64_t columns) {
  ends = {box.q0, box.q1, box.k0, box.k1};
  int64_t pointer = reinterpret_cast<intptr_t>(bits);
  bitsDescriptor = {pointer, pointer, 0, rows, columns, columns, 1};
  budget().spend(kCallSteps + (box.q1 - box.q0) + rows * std::min(columns, box.k1 - box.k0));
  function(packed.data());
  return {result[0], result[1]};
}

MaskProbe::MaskProbe(std::unique_ptr<ExecutionEngine> engine) : engine(std::move(engine)) {}
MaskProbe::~MaskProbe() = default;

void MaskProbe::registerDialects(DialectRegistry &registry) {
  registerAllDialects(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

LogicalResult MaskProbe::makeProbes(ModuleOp module, ArrayRef<std::string> libraries, bool rows, int64_t tile) {
  PassManager pm(module.getContext());
  LinkMasksOptions link;
  link.libraries.assign(libraries.begin(), libraries.end());
  pm.addPass(createLinkMasks(link));
  pm.addPass(createInlinerPass());
  pm.addPass(createExpandMasks());
  pm.addPass(createProbeMasks({rows, tile}));
  pm.addPass(createSymbolDCEPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  return pm.run(module);
}

std::unique_ptr<MaskProbe> MaskProbe::compile(ModuleOp probes, bool optimize) {
  PassManager pm(probes.getContext());
  addToLoops(pm);
  addToLLVM(pm);
  if (failed(pm.run(probes)))
    return nullptr;
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto transformer = makeOptimizingTransformer(optimize ? 2 : 0, /*sizeLevel=*/0, /*targetMachine=*/nullptr);
  ExecutionEngineOptions options;
  options.transformer = transformer;
  options.jitCodeGenOptLevel = optimize ? llvm::CodeGenOptLevel::Default : llvm::CodeGenOptLevel::None;
  options.enableGDBNotificationListener = options.enablePerfNotificationListener = false;
  llvm::Expected<std::unique_ptr<ExecutionEngine>> engine = ExecutionEngine::create(probes, options);
  if (!engine) {
    probes.emitError("expects a module this machine can run, but got: ") << llvm::toString(engine.takeError());
    return nullptr;
  }
  return std::unique_ptr<MaskProbe>(new MaskProbe(std::move(*engine)));
}

BoundProbe::Function MaskProbe::lookup(StringRef name) const {
  auto function = engine->lookupPacked(name);
  if (function)
    return *function;
  llvm::consumeError(function.takeError());
  return nullptr;
}

std::optional<std::pair<int64_t, int64_t>> MaskProbe::lengths(StringRef entry, unsigned number, const std::vector<ProbeArgumentValue> &arguments) const {
  BoundProbe::Function function = lookup(lengthsName(entry, number));
  if (!function)
    return std::nullopt;
  PackedArguments packed(arguments);
  std::array<int64_t, 2> result{};
  packed.push(result.data());
  function(packed.data());
  return std::pair(result[0], result[1]);
}

} // namespace lacuna
