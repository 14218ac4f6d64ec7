// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// NAME.result_shapes: the entry's clone returns the sizes of its results; upstream's shape resolution and dead code elimination remove the
// rest.
#include "passes/Host/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_HOSTEMITRESULTSHAPESPASS
#include "passes/Host/Passes.h.inc"

namespace {

/// Inlining has run: a call that is left cannot be compiled.
LogicalResult checkNoCalls(func::FuncOp entry) {
  WalkResult result = entry.walk([](func::CallOp call) {
    call.emitError("expects functions that can be inlined, but got a call of '") << call.getCallee() << "'";
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

void returnSizes(func::FuncOp function) {
  auto ret = cast<func::ReturnOp>(function.getBody().front().getTerminator());
  ImplicitLocOpBuilder b(ret.getLoc(), ret);
  SmallVector<Value> sizes;
  for (Value result : ret.getOperands())
    for (int64_t i = 0, rank = cast<RankedTensorType>(result.getType()).getRank(); i < rank; ++i)
      sizes.push_back(getValueOrCreateConstantIndexOp(b, b.getLoc(), tensor::getMixedSize(b, b.getLoc(), result, i)));
  ret->setOperands(sizes);
  function.setResAttrsAttr(nullptr);
  function.setType(b.getFunctionType(function.getArgumentTypes(), TypeRange(sizes)));
}

/// Whether every iteration keeps dimension `dim` of carried tensor `number`. Follows the size of what is yielded to where it comes from, in the loop's body.
bool keepsSize(scf::ForOp loop, unsigned number, int64_t dim) {
  Value value = loop.getBody()->getTerminator()->getOperand(number);
  int64_t i = dim;
  while (auto result = dyn_cast<OpResult>(value)) {
    Operation *op = result.getOwner();
    if (auto inner = dyn_cast<scf::ForOp>(op)) {
      if (!keepsSize(inner, result.getResultNumber(), i))
        return false;
      value = inner.getInitArgs()[result.getResultNumber()];
    } else if (auto writes = dyn_cast<DestinationStyleOpInterface>(op)) {
      value = writes.getTiedOpOperand(result)->get();
    } else {
      OpBuilder b(op);
      ReifiedRankedShapedTypeDims shapes;
      if (!isa<ReifyRankedShapedTypeOpInterface>(op) || failed(reifyResultShapes(b, op, shapes)))
        return false;
      auto size = dyn_cast<Value>(shapes[result.getResultNumber()][i]);
      auto from = size ? size.getDefiningOp<tensor::DimOp>() : tensor::DimOp();
      if (!from || !from.getConstantIndex())
        return false;
      value = from.getSource(), i = *from.getConstantIndex();
    }
  }
  return value == loop.getRegionIterArg(number) && i == dim;
}

/// Asks the initial values of loops for sizes that no iteration changes. Returns whether there were any.
bool leaveLoops(func::FuncOp function) {
  bool changed = false;
  function.walk([&](tensor::DimOp size) {
    auto result = dyn_cast<OpResult>(size.getSource());
    auto loop = result ? dyn_cast<scf::ForOp>(result.getOwner()) : scf::ForOp();
    if (!loop || !size.getConstantIndex() || !keepsSize(loop, result.getResultNumber(), *size.getConstantIndex()))
      return;
    size.getSourceMutable().assign(loop.getInitArgs()[result.getResultNumber()]);
    changed = true;
  });
  return changed;
}

/// Only sizes and scalars of arguments may be left.
LogicalResult checkNoData(func::FuncOp function, StringRef entry) {
  WalkResult result = function.walk([&](Operation *op) {
    bool readsSize = isa<tensor::DimOp>(op) && isa<BlockArgument>(op->getOperand(0));
    if (readsSize || llvm::none_of(op->getOperandTypes(), llvm::IsaPred<TensorType>))
      return WalkResult::advance();
    op->emitError("expects result sizes of '") << entry << "' to be computed from sizes and scalars of arguments, but got '" << op->getName() << "'";
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

struct HostEmitResultShapes final : impl::HostEmitResultShapesPassBase<HostEmitResultShapes> {
  void runOnOperation() override {
    OpPassManager simplify(func::FuncOp::getOperationName());
    simplify.addPass(createConvertElementwiseToLinalgPass()); // elementwise arith on tensors does not know its shape, linalg does
    simplify.addPass(memref::createResolveShapedTypeResultDimsPass());
    simplify.addPass(createCanonicalizerPass());
    simplify.addPass(createCSEPass());
    for (func::FuncOp entry : getEntries(getOperation())) {
      if (failed(checkNoCalls(entry)))
        return signalPassFailure();
      if (!llvm::hasSingleElement(entry.getBody()) || !llvm::all_of(entry.getResultTypes(), llvm::IsaPred<RankedTensorType>)) {
        entry.emitError("expects an entry with one block and ranked tensors as results, but got ") << entry.getFunctionType();
        return signalPassFailure();
      }
      func::FuncOp shapes = entry.clone();
      shapes.setName((entry.getName() + ".result_shapes").str());
      shapes->setAttr(kPartAttr, StringAttr::get(&getContext(), "result_shapes"));
      entry->getBlock()->getOperations().insertAfter(entry->getIterator(), shapes);
      returnSizes(shapes);
      do {
        if (failed(runPipeline(simplify, shapes)))
          return signalPassFailure();
      } while (leaveLoops(shapes));
      if (failed(checkNoData(shapes, entry.getName())))
        return signalPassFailure();
    }
  }
};

} // namespace
} // namespace lacuna
