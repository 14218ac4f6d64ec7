// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// emulate-gpu: every GPU op of a kernel becomes a call into the emulator, memory accesses get checked, the rest becomes
// host code. Which call an op becomes stands in OperationTable.cpp; what it does, in runtime/emulator/.
#include "passes/Emulation/HostModule.h"
#include "passes/Emulation/MemoryChecks.h"
#include "passes/Emulation/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace lacuna {
#define GEN_PASS_DEF_EMULATEGPU
#include "passes/Emulation/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;

namespace {

/// On a kernel: before, the bytes of dynamic shared memory that launches give it; after, all its bytes.
constexpr llvm::StringLiteral sharedBytesName = "lacuna.shared_bytes";

/// The rewrite of one function.
class FunctionEmulation {
public:
  FunctionEmulation(LLVM::LLVMFuncOp function, EmulatedCalls &calls)
      : function(function), calls(calls), layout(function->getParentOfType<ModuleOp>()) {}

  LogicalResult run() {
    if (failed(checkSignature()) || failed(collect()) || failed(checkMemory()))
      return failure();
    for (Operation *op : emulated)
      replace(op);
    for (Operation *op : withoutEffect)
      op->erase();
    replaceSharedPointers();
    if (failed(expandBf16(function)))
      return failure();
    dropGpuAttributes(function);
    useHostTypes(function);
    return success();
  }

private:
  LogicalResult checkSignature();
  LogicalResult collect();
  LogicalResult checkOther(Operation *op);
  LogicalResult checkMemory();
  void replace(Operation *op);
  LogicalResult placeSharedGlobals();
  void replaceSharedPointers();

  LLVM::LLVMFuncOp function;
  EmulatedCalls &calls;
  DataLayout layout;
  SmallVector<Operation *> emulated, withoutEffect;
  SmallVector<LLVM::AddressOfOp> sharedAddresses;
  SmallVector<LLVM::IntToPtrOp> sharedCasts;
  llvm::MapVector<Operation *, int64_t> sharedOffsets; // of globals
};

LogicalResult FunctionEmulation::checkSignature() {
  if (!isKernel(function))
    return success();
  if (function.getNumArguments() != 1 || !isa<LLVM::LLVMPointerType>(function.getArgumentTypes().front()))
    return function.emitError() << "expects a kernel with one pointer to its parameter block, but got "
                                << function.getFunctionType();
  return success();
}

/// Sorts the ops of the function by what becomes of them.
LogicalResult FunctionEmulation::collect() {
  size_t slots = 0;
  SymbolTableCollection symbols;
  WalkResult result = function.getBody().walk([&](Operation *op) {
    if (isEmulatedByNothing(op)) {
      withoutEffect.push_back(op);
      return WalkResult::advance();
    }
    FailureOr<std::optional<EmulatedOperation>> operation = getEmulatedOperation(op);
    if (failed(operation))
      return WalkResult::interrupt();
    if (*operation) {
      slots = std::max(slots, (*operation)->arguments.size());
      emulated.push_back(op);
      return WalkResult::advance();
    }
    if (auto address = dyn_cast<LLVM::AddressOfOp>(op))
      if (LLVM::GlobalOp global = address.getGlobal(symbols); global && isShared(global))
        sharedAddresses.push_back(address);
    if (auto pointerCast = dyn_cast<LLVM::IntToPtrOp>(op))
      if (auto type = dyn_cast<LLVM::LLVMPointerType>(pointerCast.getType()); type && type.getAddressSpace() == 3)
        sharedCasts.push_back(pointerCast);
    return failed(checkOther(op)) ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (result.wasInterrupted() || failed(placeSharedGlobals()))
    return failure();
  calls.beginFunction(function, slots);
  return success();
}

/// Ops that stay must be host code.
LogicalResult FunctionEmulation::checkOther(Operation *op) {
  if (!isa<LLVM::LLVMDialect>(op->getDialect()))
    return op->emitError() << "expects llvm and nvvm operations in a kernel, but got '" << op->getName() << "'";
  auto call = dyn_cast<LLVM::CallOp>(op);
  if (!call)
    return success();
  auto callee = call.getCallee() ? SymbolTable::lookupNearestSymbolFrom<LLVM::LLVMFuncOp>(op, call.getCalleeAttr())
                                 : LLVM::LLVMFuncOp();
  if (!callee || callee.isExternal())
    return op->emitError() << "expects a call of a function in this module, but got "
                           << (call.getCallee() ? "'" + *call.getCallee() + "'" : Twine("an indirect one"));
  return success();
}

LogicalResult FunctionEmulation::checkMemory() {
  // Emission adds loads and stores of its own, which need no check.
  SmallVector<Operation *> ops;
  function.getBody().walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : ops)
    if (failed(emitMemoryCheck(op, calls, layout)))
      return failure();
  return success();
}

/// A struct result comes back in slots, one per member.
void FunctionEmulation::replace(Operation *op) {
  // Asked again, since replacing earlier ops has changed operands; that it succeeds is known from collect().
  EmulatedOperation operation = **getEmulatedOperation(op);
  SmallVector<Type> types(op->getResultTypes());
  auto structure = types.empty() ? LLVM::LLVMStructType() : dyn_cast<LLVM::LLVMStructType>(types.front());
  if (structure)
    types.assign(structure.getBody().begin(), structure.getBody().end());
  SmallVector<Value> values = calls.emitOperation(op, operation, types);
  if (structure) {
    OpBuilder builder(op);
    Value whole = LLVM::UndefOp::create(builder, op->getLoc(), structure);
    for (auto [i, value] : llvm::enumerate(values))
      whole = LLVM::InsertValueOp::create(builder, op->getLoc(), whole, value, int64_t(i));
    values.assign(1, whole);
  }
  op->replaceAllUsesWith(values);
  op->erase();
}

/// Offsets in order of first use; globals without size (dynamic shared memory) all start behind the others.
LogicalResult FunctionEmulation::placeSharedGlobals() {
  if (sharedAddresses.empty() && !isKernel(function))
    return success();
  if (!isKernel(function))
    return sharedAddresses.front().emitError()
           << "expects shared memory in kernels only, but got a use in '" << function.getName() << "'";
  constexpr uint64_t dynamicAlignment = 128;
  int64_t bytes = 0;
  SymbolTableCollection symbols;
  SmallVector<LLVM::GlobalOp> dynamic;
  for (LLVM::AddressOfOp address : sharedAddresses) {
    LLVM::GlobalOp global = address.getGlobal(symbols);
    int64_t size = int64_t(layout.getTypeSize(global.getType()).getFixedValue());
    if (size == 0)
      dynamic.push_back(global);
    if (size == 0 || sharedOffsets.contains(global))
      continue;
    uint64_t alignment = global.getAlignment().value_or(getGpuAlignment(global.getType(), layout));
    bytes = int64_t(llvm::alignTo(uint64_t(bytes), alignment));
    sharedOffsets[global] = bytes;
    bytes += size;
  }
  // What the launch adds for dynamic shared memory starts behind the static globals.
  auto launched = function->getAttrOfType<IntegerAttr>(sharedBytesName);
  for (LLVM::GlobalOp global : dynamic) {
    uint64_t start = llvm::alignTo(uint64_t(bytes), global.getAlignment().value_or(dynamicAlignment));
    sharedOffsets[global] = int64_t(start);
    if (launched)
      bytes = int64_t(start);
  }
  bytes += launched ? launched.getInt() : 0;
  function->setAttr(sharedBytesName, Builder(function.getContext()).getI64IntegerAttr(bytes));
  return success();
}

void FunctionEmulation::replaceSharedPointers() {
  SymbolTableCollection symbols;
  for (LLVM::AddressOfOp address : sharedAddresses) {
    auto offset = int32_t(sharedOffsets.lookup(address.getGlobal(symbols)));
    Value base = calls.emitOperation(address, {emulator::Operation::sharedBase, {}}, address.getType()).front();
    OpBuilder builder(address);
    Value pointer = LLVM::GEPOp::create(builder, address.getLoc(), base.getType(), builder.getI8Type(), base,
                                        ArrayRef<LLVM::GEPArg>{offset});
    address.replaceAllUsesWith(pointer);
    address.erase();
  }
  for (LLVM::IntToPtrOp pointerCast : sharedCasts) {
    EmulatedOperation operation = {emulator::Operation::sharedPointer, {pointerCast.getArg()}};
    pointerCast.replaceAllUsesWith(calls.emitOperation(pointerCast, operation, pointerCast.getType()).front());
    pointerCast.erase();
  }
}

struct EmulateGpu final : lacuna::impl::EmulateGpuBase<EmulateGpu> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<SmallVector<LLVM::LLVMFuncOp>> functions = takeGpuFunctions(module);
    if (failed(functions))
      return signalPassFailure();
    if (functions->empty())
      return;
    EmulatedCalls calls(module);
    for (LLVM::LLVMFuncOp function : *functions)
      if (failed(FunctionEmulation(function, calls).run()))
        return signalPassFailure();
    for (LLVM::GlobalOp global : llvm::make_early_inc_range(module.getOps<LLVM::GlobalOp>()))
      if (isShared(global))
        global.erase();
    useHostLayout(module);
  }
};

} // namespace
