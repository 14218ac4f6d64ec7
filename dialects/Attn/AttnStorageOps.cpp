// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Verifiers and shapes of gathers and scatters of rows.
#include "dialects/Attn/Attn.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace lacuna::attn;

namespace {

LogicalResult verifyRank(Operation *op, StringRef what, Type type, Layout layout) {
  int64_t rank = layout == Layout::shd ? 3 : 4;
  if (cast<ShapedType>(type).getRank() == rank)
    return success();
  return op->emitOpError("expects ") << what << " of rank " << rank << " for layout " << stringifyLayout(layout) << ", but got " << type;
}

/// `type` must be `like` with `length` in the sequence dimension and `batch` (if given) in the batch dimension.
LogicalResult verifyLike(Operation *op, StringRef what, RankedTensorType type, RankedTensorType like, Layout layout, int64_t length,
                         std::optional<int64_t> batch = std::nullopt) {
  if (failed(verifyRank(op, what, type, layout)) || failed(verifyRank(op, "a source", like, layout)))
    return failure();
  Dims dims = dimsOf(layout);
  SmallVector<int64_t> shape(like.getShape());
  shape[dims.sequence] = length;
  if (batch)
    shape[dims.batch] = *batch;
  auto expected = RankedTensorType::get(shape, like.getElementType());
  bool same = type.getElementType() == like.getElementType();
  for (auto [x, y] : llvm::zip(type.getShape(), shape))
    same &= ShapedType::isDynamic(x) || ShapedType::isDynamic(y) || x == y;
  return same ? success() : op->emitOpError("expects ") << what << " of type " << expected << ", but got " << type;
}

/// Sizes of `like`, the sequence dimension replaced.
LogicalResult reify(OpBuilder &b, Operation *op, Value like, Layout layout, OpFoldResult length, ReifiedRankedShapedTypeDims &shapes,
                    OpFoldResult batch = {}) {
  Dims dims = dimsOf(layout);
  SmallVector<OpFoldResult> shape = tensor::getMixedSizes(b, op->getLoc(), like);
  shape[dims.sequence] = length;
  if (batch)
    shape[dims.batch] = batch;
  for (auto [size, fixed] : llvm::zip(shape, cast<ShapedType>(op->getResult(0).getType()).getShape()))
    if (!ShapedType::isDynamic(fixed))
      size = b.getIndexAttr(fixed);
  shapes.push_back(shape);
  return success();
}

} // namespace

LogicalResult GatherRowsOp::verify() {
  int64_t slots = cast<ShapedType>(getRows().getType()).getDimSize(2);
  return verifyLike(*this, "a result", getResult().getType(), getSource().getType(), getLayout(), slots);
}

LogicalResult GatherRowsOp::reifyResultShapes(OpBuilder &b, ReifiedRankedShapedTypeDims &shapes) {
  return reify(b, *this, getSource(), getLayout(), tensor::getMixedSize(b, getLoc(), getRows(), 2), shapes);
}

LogicalResult GatherPagesOp::verify() {
  if (getLayout() == Layout::shd)
    return emitOpError("expects layout bhsd or bshd, but got shd");
  if (failed(verifyRank(*this, "a cache", getCache().getType(), getLayout())))
    return failure();
  int64_t page = getCache().getType().getDimSize(dimsOf(getLayout()).sequence);
  if (ShapedType::isDynamic(page) || page < 1)
    return emitOpError("expects a static page size of at least 1, but got ") << getCache().getType();
  auto table = cast<ShapedType>(getTable().getType());
  int64_t length = table.isDynamicDim(1) ? ShapedType::kDynamic : table.getDimSize(1) * page;
  return verifyLike(*this, "a result", getResult().getType(), getCache().getType(), getLayout(), length, table.getDimSize(0));
}

LogicalResult GatherPagesOp::reifyResultShapes(OpBuilder &b, ReifiedRankedShapedTypeDims &shapes) {
  int64_t page = getCache().getType().getDimSize(dimsOf(getLayout()).sequence);
  AffineExpr pages;
  bindDims(getContext(), pages);
  OpFoldResult count = tensor::getMixedSize(b, getLoc(), getTable(), 1);
  OpFoldResult length = affine::makeComposedFoldedAffineApply(b, getLoc(), pages * page, {count});
  return reify(b, *this, getCache(), getLayout(), length, shapes, tensor::getMixedSize(b, getLoc(), getTable(), 0));
}

LogicalResult ScatterRowsOp::verify() {
  int64_t slots = cast<ShapedType>(getRows().getType()).getDimSize(2);
  return verifyLike(*this, "a source", getSource().getType(), getInit().getType(), getLayout(), slots);
}

LogicalResult ScatterRowsOp::reifyResultShapes(OpBuilder &b, ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(tensor::getMixedSizes(b, getLoc(), getInit()));
  return success();
}
