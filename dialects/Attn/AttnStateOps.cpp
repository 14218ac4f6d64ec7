// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Verifiers and shapes of the ops on states and outputs; attn.attention_state is verified with attn.attention.
#include "dialects/Attn/Attn.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace lacuna::attn;

LogicalResult StateType::verify(function_ref<InFlightDiagnostic()> emitError, Layout layout, ArrayRef<int64_t> shape) {
  size_t rank = layout == Layout::shd ? 3 : 4;
  if (shape.size() == rank)
    return success();
  return emitError() << "expects a state of " << rank << " dimensions for layout " << stringifyLayout(layout) << ", but got " << shape.size();
}

RankedTensorType StateType::getOutputType() { return RankedTensorType::get(getShape(), Float32Type::get(getContext())); }
RankedTensorType StateType::getLseType() { return RankedTensorType::get(rowShapeOf(getLayout(), getShape()), Float32Type::get(getContext())); }

namespace {

LogicalResult expectShape(Operation *op, const Twine &what, RankedTensorType expected, Type got) {
  if (succeeded(verifyCompatibleShape(expected, got)))
    return success();
  return op->emitOpError("expects ") << what << " of the shape of " << expected << ", but got " << got;
}

/// The sizes of the output of a state, from the tensors that it was made of. Fails for a state of unknown origin.
FailureOr<SmallVector<OpFoldResult>> outputSizes(OpBuilder &b, Location loc, Value state) {
  while (auto merge = state.getDefiningOp<MergeStatesOp>())
    state = merge.getParts().front();
  if (auto make = state.getDefiningOp<MakeStateOp>())
    return tensor::getMixedSizes(b, loc, make.getOutput());
  auto attention = state.getDefiningOp<AttentionStateOp>();
  if (!attention)
    return failure();
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, attention.getQuery());
  sizes.back() = b.getIndexAttr(attention.getValueSize());
  return sizes;
}

/// A static size of the type must be reified as a constant.
void keepStatic(OpBuilder &b, SmallVectorImpl<OpFoldResult> &sizes, ArrayRef<int64_t> shape) {
  for (auto [size, fixed] : llvm::zip(sizes, shape))
    if (!ShapedType::isDynamic(fixed))
      size = b.getIndexAttr(fixed);
}

} // namespace

LogicalResult MakeStateOp::verify() {
  StateType type = getState().getType();
  return failure(failed(expectShape(*this, "an output", type.getOutputType(), getOutput().getType())) ||
                 failed(expectShape(*this, "an lse", type.getLseType(), getLse().getType())));
}

LogicalResult MergeStatesOp::verify() {
  if (getParts().empty())
    return emitOpError("expects at least one state, but got none");
  for (Value part : getParts())
    if (part.getType() != getMerged().getType())
      return emitOpError("expects states of the result's type ") << getMerged().getType() << ", but got " << part.getType();
  for (auto [name, values] : {std::pair("temperatures", getTemperatures()), std::pair("log_weights", getLogWeights())})
    if (!values.empty() && values.size() != getParts().size())
      return emitOpError("expects no ") << name << " or one for each of " << getParts().size() << " states, but got " << values.size();
  return success();
}

LogicalResult FinalizeOp::verify() {
  StateType type = getState().getType();
  if (failed(expectShape(*this, "an output", type.getOutputType(), getOutput().getType())))
    return failure();
  return getLse() ? expectShape(*this, "an lse", type.getLseType(), getLse().getType()) : success();
}

LogicalResult FinalizeOp::reifyResultShapes(OpBuilder &b, ReifiedRankedShapedTypeDims &shapes) {
  FailureOr<SmallVector<OpFoldResult>> sizes = outputSizes(b, getLoc(), getState());
  if (failed(sizes))
    return failure();
  keepStatic(b, *sizes, getOutput().getType().getShape());
  shapes.push_back(*sizes);
  if (!getLse())
    return success();
  Dims dims = dimsOf(getState().getType().getLayout());
  SmallVector<OpFoldResult> rows;
  if (dims.batch >= 0)
    rows.push_back((*sizes)[dims.batch]);
  rows.append({(*sizes)[dims.head], (*sizes)[dims.sequence]});
  keepStatic(b, rows, cast<ShapedType>(getLse().getType()).getShape());
  shapes.push_back(rows);
  return success();
}

LogicalResult GateSumOp::verify() {
  if (getParts().empty())
    return emitOpError("expects at least one output, but got none");
  if (getParts().size() != getGates().size())
    return emitOpError("expects one gate for each of ") << getParts().size() << " outputs, but got " << getGates().size();
  RankedTensorType type = getOutput().getType();
  int64_t rank = getLayout() == Layout::shd ? 3 : 4;
  if (type.getRank() != rank)
    return emitOpError("expects a result of rank ") << rank << " for layout " << stringifyLayout(getLayout()) << ", but got " << type;
  auto rows = RankedTensorType::get(rowShapeOf(getLayout(), type.getShape()), Float32Type::get(getContext()));
  for (auto [part, gate] : llvm::zip(getParts(), getGates())) {
    if (getElementTypeOrSelf(part.getType()) != type.getElementType())
      return emitOpError("expects outputs of the result's element type ") << type.getElementType() << ", but got " << part.getType();
    if (failed(expectShape(*this, "an output", type, part.getType())) || failed(expectShape(*this, "a gate", rows, gate.getType())))
      return failure();
  }
  return success();
}

LogicalResult GateSumOp::reifyResultShapes(OpBuilder &b, ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(tensor::getMixedSizes(b, getLoc(), getParts().front()));
  keepStatic(b, shapes.back(), getOutput().getType().getShape());
  return success();
}
