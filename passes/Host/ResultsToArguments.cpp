// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Results become memory of the caller before bufferization, so that bufferization can compute in place.
#include "passes/Host/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_HOSTRESULTSTOARGUMENTSPASS
#include "passes/Host/Passes.h.inc"

namespace {

LogicalResult checkTypes(func::FuncOp entry) {
  if (!llvm::hasSingleElement(entry.getBody()))
    return entry.emitError("expects an entry with one block, but got ") << entry.getBody().getBlocks().size();
  for (auto [i, type] : llvm::enumerate(entry.getResultTypes()))
    if (!isa<RankedTensorType>(type))
      return entry.emitError("expects results that are ranked tensors, but got ") << type << " as result " << i;
  for (auto [i, type] : llvm::enumerate(entry.getArgumentTypes()))
    if (!isa<RankedTensorType>(type) && !type.isIntOrIndexOrFloat())
      return entry.emitError("expects arguments that are ranked tensors or scalars, but got ") << type << " as argument " << i;
  return success();
}

void rewrite(func::FuncOp entry) {
  OpBuilder b(entry.getContext());
  for (auto [i, type] : llvm::enumerate(entry.getArgumentTypes()))
    if (isa<TensorType>(type))
      entry.setArgAttr(i, bufferization::BufferizationDialect::kWritableAttrName, b.getBoolAttr(false));
  auto ret = cast<func::ReturnOp>(entry.getBody().front().getTerminator());
  b.setInsertionPoint(ret);
  for (Value result : ret.getOperands()) {
    (void)entry.insertArgument(entry.getNumArguments(), getBoundaryType(cast<RankedTensorType>(result.getType())), {}, ret.getLoc());
    auto materialize = bufferization::MaterializeInDestinationOp::create(b, ret.getLoc(), TypeRange(), result, entry.getArguments().back());
    materialize.setRestrict(true);
    materialize.setWritable(true);
  }
  ret->setOperands({});
  entry.setResAttrsAttr(nullptr);
  entry.setType(b.getFunctionType(entry.getArgumentTypes(), {}));
}

struct HostResultsToArguments final : impl::HostResultsToArgumentsPassBase<HostResultsToArguments> {
  void runOnOperation() override {
    for (func::FuncOp entry : getEntries(getOperation())) {
      if (failed(checkTypes(entry)))
        return signalPassFailure();
      rewrite(entry);
    }
  }
};

} // namespace
} // namespace lacuna
