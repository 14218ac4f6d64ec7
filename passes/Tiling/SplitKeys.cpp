// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/Tiling/SplitKeys.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using lacuna::attn::StateType;

namespace lacuna {

void restrictToShare(ImplicitLocOpBuilder &b, MaskWalk &walk, Value share, int64_t shares) {
  Value zero = arith::ConstantIndexOp::create(b, 0), one = arith::ConstantIndexOp::create(b, 1), count = arith::ConstantIndexOp::create(b, shares);
  SmallVector<Value> lengths, before;
  Value total = zero;
  for (auto [partial, full] : llvm::zip(walk.partial, walk.full)) {
    before.push_back(total);
    lengths.push_back(b.createOrFold<arith::AddIOp>(partial, full)); // one of the two is 0
    total = b.createOrFold<arith::AddIOp>(total, lengths.back());
  }
  auto boundary = [&](Value number) { return b.createOrFold<arith::DivUIOp>(b.createOrFold<arith::MulIOp>(total, number), count); };
  Value begin = boundary(share), end = boundary(b.createOrFold<arith::AddIOp>(share, one));
  for (size_t i = 0; i < lengths.size(); ++i) {
    auto within = [&](Value at) {
      Value inside = b.createOrFold<arith::MaxSIOp>(b.createOrFold<arith::SubIOp>(at, before[i]), zero);
      return b.createOrFold<arith::MinSIOp>(inside, lengths[i]);
    };
    Value first = within(begin), length = b.createOrFold<arith::SubIOp>(within(end), first);
    walk.starts[i] = b.createOrFold<arith::AddIOp>(walk.starts[i], first);
    walk.partial[i] = b.createOrFold<arith::MinSIOp>(walk.partial[i], length);
    walk.full[i] = b.createOrFold<arith::MinSIOp>(walk.full[i], length);
  }
}

namespace {

SmallVector<OpFoldResult> rowSizes(attn::AttentionOp op, ArrayRef<OpFoldResult> sizes) {
  attn::Dims dims = op.getDims();
  SmallVector<OpFoldResult> rows;
  if (dims.batch >= 0)
    rows.push_back(sizes[dims.batch]);
  rows.append({sizes[dims.head], sizes[dims.sequence]});
  return rows;
}

/// Share number `i` of a tensor.
Value slice(ImplicitLocOpBuilder &b, Value tensor, int64_t i) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, b.getLoc(), tensor);
  SmallVector<OpFoldResult> offsets(sizes.size(), b.getIndexAttr(0)), strides(sizes.size(), b.getIndexAttr(1));
  offsets[0] = b.getIndexAttr(i), sizes[0] = b.getIndexAttr(1);
  auto type = cast<RankedTensorType>(tensor.getType());
  auto reduced = RankedTensorType::get(type.getShape().drop_front(), type.getElementType());
  return tensor::ExtractSliceOp::create(b, reduced, tensor, offsets, sizes, strides);
}

} // namespace

SmallVector<Value> createShares(ImplicitLocOpBuilder &b, attn::AttentionOp op, int64_t shares) {
  ReifiedRankedShapedTypeDims shapes;
  if (failed(op.reifyResultShapes(b, shapes)))
    return {};
  auto create = [&](ArrayRef<OpFoldResult> shape) -> Value {
    SmallVector<OpFoldResult> sizes{b.getIndexAttr(shares)};
    llvm::append_range(sizes, shape);
    return tensor::EmptyOp::create(b, sizes, b.getF32Type());
  };
  return {create(shapes[0]), create(rowSizes(op, shapes[0]))};
}

SmallVector<Value> mergeShares(ImplicitLocOpBuilder &b, attn::AttentionOp op, ValueRange written, int64_t shares) {
  auto type = cast<RankedTensorType>(written[0].getType());
  auto state = StateType::get(b.getContext(), op.getLayout(), type.getShape().drop_front());
  SmallVector<Value> parts;
  for (int64_t i = 0; i < shares; ++i)
    parts.push_back(attn::MakeStateOp::create(b, state, slice(b, written[0], i), slice(b, written[1], i)));
  Value merged = attn::MergeStatesOp::create(b, state, parts, ValueRange(), ValueRange());
  auto finalize = attn::FinalizeOp::create(b, TypeRange(op.getResultTypes()), ValueRange(merged));
  return SmallVector<Value>(finalize->getResults());
}

} // namespace lacuna
