// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Forward from an attention's result through what only moves or rounds it, so that the attention computes that result and no transpose is left.
#include "passes/Raise/TensorView.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace lacuna::raise;

/// Coordinates of a reshaped tensor from those of its source; the inverse of how elements are read.
static std::optional<SmallVector<AffineExpr>> coordinatesAfterReshape(Operation *op, ArrayRef<AffineExpr> at) {
  bool expands = isa<tensor::ExpandShapeOp>(op);
  auto groups = expands ? cast<tensor::ExpandShapeOp>(op).getReassociationIndices() : cast<tensor::CollapseShapeOp>(op).getReassociationIndices();
  auto fine = cast<RankedTensorType>(expands ? op->getResult(0).getType() : op->getOperand(0).getType());
  MLIRContext *context = op->getContext();
  SmallVector<AffineExpr> result(expands ? fine.getRank() : groups.size(), getAffineConstantExpr(0, context));
  for (auto [number, group] : llvm::enumerate(groups)) {
    int64_t stride = 1;
    for (int64_t dim : llvm::reverse(group)) {
      int64_t size = fine.getDimSize(dim);
      if (size == 1)
        continue;
      if (ShapedType::isDynamic(stride)) // a dynamic size that is not the outermost one
        return std::nullopt;
      if (expands) {
        AffineExpr quotient = at[number].floorDiv(stride);
        result[dim] = dim == group.front() || ShapedType::isDynamic(size) ? quotient : quotient % size;
      } else {
        result[number] = result[number] + at[dim] * stride;
      }
      stride = ShapedType::isDynamic(size) ? size : stride * size;
    }
  }
  return result;
}

/// Coordinates of the result of `user` where it holds the element `at` of `value`; the caller verifies them.
static std::optional<SmallVector<AffineExpr>> coordinatesAfter(OpOperand &use, ArrayRef<AffineExpr> at) {
  Operation *user = use.getOwner();
  if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(user))
    return coordinatesAfterReshape(user, at);
  auto linalg = dyn_cast<linalg::LinalgOp>(user);
  if (!linalg)
    return llvm::to_vector(at);
  AffineMap from = linalg.getMatchingIndexingMap(&use), to = linalg.getIndexingMapMatchingResult(user->getResult(0));
  if (!from.isPermutation() || !to.isPermutation())
    return std::nullopt;
  SmallVector<AffineExpr> result;
  for (AffineExpr expr : to.compose(inversePermutation(from)).getResults())
    result.push_back(expr.replaceDims(at));
  return result;
}

void lacuna::raise::followOutput(Attention &attention, Elements &elements) {
  while (attention.root.hasOneUse()) {
    OpOperand &use = *attention.root.getUses().begin();
    Operation *user = use.getOwner();
    auto type = user->getNumResults() == 1 ? dyn_cast<RankedTensorType>(user->getResult(0).getType()) : RankedTensorType();
    auto at = type && isMemoryEffectFree(user) ? coordinatesAfter(use, attention.rootAt) : std::nullopt;
    if (!at || type.getElementType().isF64() || static_cast<int64_t>(at->size()) != type.getRank())
      return;
    for (AffineExpr &coordinate : *at)
      coordinate = elements.simplify(coordinate);
    const Expr *read = elements.strip(elements.element(user->getResult(0), *at));
    bool isMove = read->kind == Expr::Element && read->value == attention.root && ArrayRef(read->at) == ArrayRef(attention.rootAt);
    if (!isMove || !viewOf(elements, type, *at, Query, ValueFeature, /*isGrouped=*/false))
      return;
    attention.root = user->getResult(0);
    attention.rootAt = *at;
  }
}
