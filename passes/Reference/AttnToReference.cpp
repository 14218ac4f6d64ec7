// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn-to-reference: attention as three plain loops a row (scores, weights, output) in f64. Slow on purpose;
// conventions in docs/semantics.md.
#include "dialects/Attn/Attn.h"
#include "passes/Reference/ExpLog.h"
#include "passes/Reference/MaskEvaluator.h"
#include "passes/Reference/Passes.h"
#include "passes/Reference/States.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

namespace lacuna {
#define GEN_PASS_DEF_ATTNTOREFERENCE
#include "passes/Reference/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;
using namespace lacuna::attn;

namespace {

class ReferenceBuilder {
public:
  explicit ReferenceBuilder(AttentionOp op) : op(op), dims(op.getDims()), b(op.getLoc(), op) {}

  /// Replaces the op. Fails where its mask is not made of atoms and algebra.
  LogicalResult build() {
    zero = arith::ConstantIndexOp::create(b, 0);
    one = arith::ConstantIndexOp::create(b, 1);
    Value batches = dims.batch < 0 ? one : sizeOf(op.getQuery(), dims.batch);
    queryHeads = sizeOf(op.getQuery(), dims.head);
    keyHeads = sizeOf(op.getKey(), dims.head);
    pair.heads = queryHeads;
    pair.queryLength = sizeOf(op.getQuery(), dims.sequence);
    pair.keyLength = sizeOf(op.getKey(), dims.sequence);
    FailureOr<SmallVector<Value>> state = makeDestinations();
    if (failed(state))
      return failure();
    auto nest =
        scf::buildLoopNest(b, op.getLoc(), {zero, zero, zero}, {batches, queryHeads, pair.queryLength}, {one, one, one},
                           *state, [&](OpBuilder &inner, Location, ValueRange ivs, ValueRange carried) {
                             OpBuilder::InsertionGuard guard(b);
                             b.setInsertionPoint(inner.getInsertionBlock(), inner.getInsertionPoint());
                             std::tie(pair.batch, pair.head, pair.query) = std::tuple(ivs[0], ivs[1], ivs[2]);
                             return buildRow(carried);
                           });
    if (maskFailed)
      return failure();
    op->replaceAllUsesWith(ValueRange(nest.results).drop_back());
    op->erase();
    return success();
  }

private:
  using Body = llvm::function_ref<SmallVector<Value>(Value, ValueRange)>;

  /// scf.for over [0, size); `body` maps (index, carried values) to the next ones.
  ValueRange loop(Value size, ValueRange carried, Body body) {
    auto loopOp =
        scf::ForOp::create(b, zero, size, one, carried, [&](OpBuilder &inner, Location, Value i, ValueRange values) {
          OpBuilder::InsertionGuard guard(b);
          b.setInsertionPoint(inner.getInsertionBlock(), inner.getInsertionPoint());
          scf::YieldOp::create(b, body(i, values));
        });
    return loopOp.getResults();
  }

  Value sizeOf(Value tensor, int64_t dim) { return b.createOrFold<tensor::DimOp>(tensor, dim); }
  Value number(double v) { return arith::ConstantOp::create(b, b.getF64FloatAttr(v)); }
  Value compare(arith::CmpFPredicate predicate, Value x, double y) {
    return arith::CmpFOp::create(b, predicate, x, number(y));
  }

  /// Results in their order, then the row of scores.
  FailureOr<SmallVector<Value>> makeDestinations() {
    ReifiedRankedShapedTypeDims shapes;
    if (failed(op.reifyResultShapes(b, shapes)))
      return failure();
    SmallVector<Value> destinations;
    for (auto [shape, type] : llvm::zip(shapes, op.getResultTypes()))
      destinations.push_back(tensor::EmptyOp::create(b, shape, cast<ShapedType>(type).getElementType()));
    destinations.push_back(
        tensor::EmptyOp::create(b, getAsOpFoldResult(ArrayRef<Value>(pair.keyLength)), b.getF64Type()));
    return destinations;
  }

  /// The element of Q, K or V as f64; by way of f32, which every target converts to without a library call.
  Value load(Value tensor, Value head, Value position, Value feature) {
    Value value = tensor::ExtractOp::create(b, tensor, indices(head, position, feature));
    if (!value.getType().isF32())
      value = arith::ExtFOp::create(b, b.getF32Type(), value);
    return arith::ExtFOp::create(b, b.getF64Type(), value);
  }

  SmallVector<Value> indices(Value head, Value position, Value feature) {
    SmallVector<Value> result(dims.batch < 0 ? 3 : 4);
    if (dims.batch >= 0)
      result[dims.batch] = pair.batch;
    result[dims.head] = head;
    result[dims.sequence] = position;
    result[dims.feature] = feature;
    return result;
  }

  Value round(Value f64, Type type) {
    Value f32 = arith::TruncFOp::create(b, b.getF32Type(), f64);
    return type.isF32() ? f32 : Value(arith::TruncFOp::create(b, type, f32));
  }

  SmallVector<Value> buildRow(ValueRange carried) {
    keyHead = arith::DivUIOp::create(b, arith::MulIOp::create(b, pair.head, keyHeads), queryHeads);
    SmallVector<Value> results(carried.drop_back());
    // 1. Scores and their maximum; an unattended pair scores -inf.
    Value sink = op.getSinkLogits() ? loadSink() : number(-std::numeric_limits<double>::infinity());
    ValueRange scored =
        loop(pair.keyLength, {carried.back(), sink}, [&](Value k, ValueRange row) -> SmallVector<Value> {
          pair.key = k;
          Value score = buildScore();
          return {tensor::InsertOp::create(b, score, row[0], k), arith::MaximumFOp::create(b, row[1], score)};
        });
    Value maximum = scored[1];
    Value isEmpty = compare(arith::CmpFPredicate::OEQ, maximum, -std::numeric_limits<double>::infinity());
    Value shift = arith::SelectOp::create(b, isEmpty, number(0.0), maximum);
    // 2. Weights and their sum, with the sink's share.
    auto weight = [&](Value score) { return emitExpOfNonPositive(b, arith::SubFOp::create(b, score, shift)); };
    ValueRange weighted =
        loop(pair.keyLength, {scored[0], weight(sink)}, [&](Value k, ValueRange row) -> SmallVector<Value> {
          Value w = weight(tensor::ExtractOp::create(b, row[0], k));
          return {tensor::InsertOp::create(b, w, row[0], k), arith::AddFOp::create(b, row[1], w)};
        });
    // 3. The output; an empty row has weight sum 0 and output 0.
    Value divisor = arith::SelectOp::create(b, isEmpty, number(1.0), weighted[1]);
    results[0] = buildOutput(results[0], weighted[0], divisor);
    SmallVector<Value> position(dims.batch < 0 ? ValueRange{pair.head, pair.query}
                                               : ValueRange{pair.batch, pair.head, pair.query});
    const Value statistics[] = {arith::AddFOp::create(b, maximum, emitLog(b, divisor)), maximum};
    for (auto [result, value] : llvm::zip(llvm::drop_begin(results), statistics))
      result = tensor::InsertOp::create(b, round(value, b.getF32Type()), result, position);
    results.push_back(weighted[0]);
    return results;
  }

  Value loadSink() {
    Value sink = tensor::ExtractOp::create(b, op.getSinkLogits(), pair.head);
    return arith::ExtFOp::create(b, b.getF64Type(), sink);
  }

  /// The score of the pair, or -inf where the mask is false.
  Value buildScore() {
    if (!op.getMask())
      return buildAttendedScore();
    Value attended = evaluateMask(b, op.getMask(), pair);
    if (!attended) {
      maskFailed = true;
      return number(0.0);
    }
    auto branch = scf::IfOp::create(b, b.getF64Type(), attended, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    scf::YieldOp::create(b, buildAttendedScore());
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, number(-std::numeric_limits<double>::infinity()));
    return branch.getResult(0);
  }

  Value buildAttendedScore() {
    Value size = arith::ConstantIndexOp::create(b, op.getHeadSize());
    Value dot = loop(size, {number(0.0)}, [&](Value d, ValueRange sum) -> SmallVector<Value> {
      Value product = arith::MulFOp::create(b, load(op.getQuery(), pair.head, pair.query, d),
                                            load(op.getKey(), keyHead, pair.key, d));
      return {arith::AddFOp::create(b, sum[0], product)};
    })[0];
    Value score = arith::MulFOp::create(b, dot, number(op.getScaleValue()));
    if (op.getScore().empty())
      return score;
    Value f32 = round(score, b.getF32Type()); // the region is written on f32
    InlinedRegion region = inlineRegion(b, op.getScore(), {f32, pair.batch, pair.head, pair.query, pair.key}, pair);
    return arith::ExtFOp::create(b, b.getF64Type(), region.results[0]);
  }

  /// output[d] = Σ weight[k] · v[k, d] / divisor.
  Value buildOutput(Value output, Value weights, Value divisor) {
    Type type = cast<ShapedType>(op.getResult(0).getType()).getElementType();
    Value size = arith::ConstantIndexOp::create(b, op.getValueSize());
    return loop(size, {output}, [&](Value d, ValueRange row) -> SmallVector<Value> {
      Value sum = loop(pair.keyLength, {number(0.0)}, [&](Value k, ValueRange partial) -> SmallVector<Value> {
        Value product =
            arith::MulFOp::create(b, tensor::ExtractOp::create(b, weights, k), load(op.getValue(), keyHead, k, d));
        return {arith::AddFOp::create(b, partial[0], product)};
      })[0];
      Value rounded = round(arith::DivFOp::create(b, sum, divisor), type);
      return {tensor::InsertOp::create(b, rounded, row[0], indices(pair.head, pair.query, d))};
    })[0];
  }

  AttentionOp op;
  AttentionOp::Dims dims;
  ImplicitLocOpBuilder b;
  Pair pair;
  Value zero, one, queryHeads, keyHeads, keyHead;
  bool maskFailed = false;
};

struct AttnToReference final : lacuna::impl::AttnToReferenceBase<AttnToReference> {
  using Base::Base;

  void runOnOperation() override {
    if (failed(lowerStatesToReference(getOperation())))
      return signalPassFailure();
    SmallVector<AttentionOp> attentions;
    getOperation().walk([&](AttentionOp op) { attentions.push_back(op); });
    for (AttentionOp op : attentions)
      if (failed(ReferenceBuilder(op).build()))
        return signalPassFailure();
    eraseMasks();
  }

private:
  void eraseMasks() {
    SmallVector<Operation *> masks;
    getOperation().walk([&](Operation *op) {
      if (op->getNumResults() == 1 && isa<MaskType>(op->getResult(0).getType()))
        masks.push_back(op);
    });
    for (Operation *op : llvm::reverse(masks))
      if (isOpTriviallyDead(op))
        op->erase();
  }
};

} // namespace
