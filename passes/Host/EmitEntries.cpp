// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Entry points of the artifact ABI: bodies stay, arguments are read from the parameter block.
#include "passes/Host/Passes.h"

#include "lib/Support/ParameterBlock.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <limits>

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_HOSTEMITENTRIESPASS
#include "passes/Host/Passes.h.inc"

namespace {

/// The workspace as a memref. Its size is the caller's business; views never look at it.
Value wrapWorkspace(ImplicitLocOpBuilder &b, Value pointer, MemRefType type) {
  Type i64 = b.getI64Type(), one = LLVM::LLVMArrayType::get(i64, 1);
  auto constant = [&](int64_t value) { return LLVM::ConstantOp::create(b, i64, b.getI64IntegerAttr(value)); };
  SmallVector<Type> fields{pointer.getType(), pointer.getType(), i64, one, one};
  Value descriptor = LLVM::PoisonOp::create(b, LLVM::LLVMStructType::getLiteral(b.getContext(), fields));
  auto insert = [&](Value value, ArrayRef<int64_t> position) { descriptor = LLVM::InsertValueOp::create(b, descriptor, value, position); };
  insert(pointer, {0});
  insert(pointer, {1});
  insert(constant(0), {2});
  insert(constant(std::numeric_limits<int64_t>::max()), {3, 0});
  insert(constant(1), {4, 0});
  return UnrealizedConversionCastOp::create(b, type, descriptor).getResult(0);
}

/// Replaces the arguments of `function` (all but a workspace) by loads from a block; the function gets arguments of `types` instead, the
/// block being number `block`.
void unpackArguments(func::FuncOp function, TypeRange types, unsigned block, unsigned workspace) {
  Block &body = function.getBody().front();
  unsigned old = body.getNumArguments();
  SmallVector<Type> parameters;
  for (unsigned i = 0; i < old; ++i)
    if (!function.getArgAttr(i, kWorkspaceAttr))
      parameters.push_back(body.getArgument(i).getType());
  ParameterLayout layout = layoutParameters(parameters);
  body.addArguments(types, SmallVector<Location>(types.size(), function.getLoc()));
  auto b = ImplicitLocOpBuilder::atBlockBegin(function.getLoc(), &body);
  for (unsigned i = 0; i < old; ++i) {
    BlockArgument argument = body.getArgument(i);
    Value value = i < parameters.size() ? loadParameter(b, b.getLoc(), argument.getType(), body.getArgument(old + block), layout.offsets[i])
                                        : wrapWorkspace(b, body.getArgument(old + workspace), cast<MemRefType>(argument.getType()));
    argument.replaceAllUsesWith(value);
  }
  body.eraseArguments(0, old);
  function.setArgAttrsAttr(nullptr);
}

func::ReturnOp getReturn(func::FuncOp function) { return cast<func::ReturnOp>(function.getBody().back().getTerminator()); }

void setSignature(func::FuncOp function, TypeRange results, ValueRange returned) {
  getReturn(function)->setOperands(returned);
  function.setType(FunctionType::get(function.getContext(), function.getBody().front().getArgumentTypes(), results));
}

void emitRun(func::FuncOp function) {
  Type pointer = LLVM::LLVMPointerType::get(function.getContext());
  unpackArguments(function, {pointer, pointer, pointer, pointer}, /*block=*/1, /*workspace=*/2);
  ImplicitLocOpBuilder b(function.getLoc(), getReturn(function));
  Value ok = arith::ConstantIntOp::create(b, b.getI32Type(), 0);
  setSignature(function, b.getI32Type(), ok);
  function.setName((function.getName() + ".run").str());
}

void emitResultShapes(func::FuncOp function) {
  Type pointer = LLVM::LLVMPointerType::get(function.getContext());
  unpackArguments(function, {pointer, pointer}, 0, 0);
  ImplicitLocOpBuilder b(function.getLoc(), getReturn(function));
  Value sizes = function.getBody().front().getArgument(1);
  for (auto [i, size] : llvm::enumerate(getReturn(function).getOperands()))
    storeParameter(b, b.getLoc(), size, sizes, 8 * i);
  setSignature(function, {}, {});
}

void emitWorkspaceBytes(func::FuncOp function) {
  unpackArguments(function, LLVM::LLVMPointerType::get(function.getContext()), 0, 0);
  ImplicitLocOpBuilder b(function.getLoc(), getReturn(function));
  Value bytes = arith::IndexCastOp::create(b, b.getI64Type(), getReturn(function).getOperand(0));
  setSignature(function, b.getI64Type(), bytes);
}

struct HostEmitEntries final : impl::HostEmitEntriesPassBase<HostEmitEntries> {
  void runOnOperation() override {
    for (func::FuncOp entry : getEntries(getOperation())) {
      auto isPacked = [](Type type) { return isa<MemRefType>(type) || type.isIntOrIndexOrFloat(); };
      if (entry.getNumResults() || !llvm::all_of(entry.getArgumentTypes(), isPacked)) {
        entry.emitError("expects a bufferized entry without results, but got ") << entry.getFunctionType();
        return signalPassFailure();
      }
      emitRun(entry);
      entry->setAttr(kPartAttr, StringAttr::get(&getContext(), "run"));
    }
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      auto part = function->getAttrOfType<StringAttr>(kPartAttr);
      if (part && part == "result_shapes")
        emitResultShapes(function);
      else if (part && part == "workspace_bytes")
        emitWorkspaceBytes(function);
    }
  }
};

} // namespace
} // namespace lacuna
