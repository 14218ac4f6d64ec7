// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/Tiling/OnlineSoftmax.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using lacuna::tile::Broadcast;

namespace lacuna {
namespace {

constexpr double kLog2E = 1.4426950408889634, kLn2 = 0.6931471805599453;
/// The maximum before any score. Finite, so that a fully masked row needs no guard: exp2(-inf - kNoMax) = 0 and exp2(kNoMax - kNoMax) = 1 scales a zero
/// sum. Scores below it are treated as -inf.
constexpr float kNoMax = -1.0e30f;

Value scalar(ImplicitLocOpBuilder &b, double v) { return arith::ConstantOp::create(b, b.getF32FloatAttr(static_cast<float>(v))); }
Value minusInfinity(ImplicitLocOpBuilder &b) { return scalar(b, -INFINITY); }

using Body = llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange)>;

/// A map with one result.
Value map(ImplicitLocOpBuilder &b, tile::TileType type, ValueRange inputs, ArrayRef<Broadcast> broadcast, Body body) {
  auto build = [&](OpBuilder &inner, Location loc, ValueRange args) {
    ImplicitLocOpBuilder at(loc, inner);
    tile::YieldOp::create(at, body(at, args));
  };
  return tile::MapOp::create(b, TypeRange{type}, inputs, broadcast, build).getResult(0);
}

Value isEmpty(ImplicitLocOpBuilder &b, Value sum) {
  return arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, sum, scalar(b, 0.0));
}

} // namespace

OnlineSoftmax::OnlineSoftmax(attn::AttentionOp op, const WorkItem &item, const IRMapping &captures) : op(op), item(item), captures(captures) {
  double scale = op.getScaleValue();
  foldsScale = op.getScore().empty() && scale > 0;
  factor = foldsScale ? static_cast<float>(scale * kLog2E) : 1.0f;
  Type f32 = Float32Type::get(op.getContext());
  rows = tile::TileType::get(op.getContext(), {item.tileM}, f32);
  scores = tile::TileType::get(op.getContext(), {item.tileM, item.tileN}, f32);
  outputs = tile::TileType::get(op.getContext(), {item.tileM, op.getValueSize()}, f32);
  if (op.getValue().getType().getElementType().isBF16() && !op.hasLse())
    weightPrecision = arith::FastMathFlags::afn;
}

SoftmaxState OnlineSoftmax::emitInit(ImplicitLocOpBuilder &b) const {
  auto fill = [&](tile::TileType type, double value) {
    return map(b, type, {}, {}, [&](ImplicitLocOpBuilder &at, ValueRange) { return scalar(at, value); });
  };
  return {fill(rows, kNoMax), fill(rows, 0.0), fill(outputs, 0.0)};
}

Value OnlineSoftmax::emitScores(ImplicitLocOpBuilder &b, Value products, Value k0, const MaskWalk *mask) const {
  if (foldsScale && !mask)
    return products;
  SmallVector<Value> inputs{products}, known;
  if (mask) {
    llvm::append_range(inputs, mask->rowValues());
    llvm::append_range(inputs, mask->emitListed(b, k0));
    known = mask->emitKnown(b, k0);
  }
  SmallVector<Broadcast> broadcast(inputs.size(), Broadcast::Rows);
  broadcast[0] = Broadcast::None;
  return map(b, scores, inputs, broadcast, [&](ImplicitLocOpBuilder &at, ValueRange args) {
    Value x = args[0];
    if (!foldsScale)
      x = arith::MulFOp::create(at, x, scalar(at, op.getScore().empty() ? op.getScaleValue() * kLog2E : op.getScaleValue()));
    if (!op.getScore().empty()) {
      Value head = item.rowHead(at), query = item.rowQuery(at);
      Value key = arith::AddIOp::create(at, k0, tile::IndexOp::create(at, 1));
      Coordinates here{item.batch, head, query, key, item.queryLength, item.keyLength, item.heads};
      ScalarResult r = emitScalarRegion(at, op.getScore(), {x, item.batch, head, query, key}, here, captures);
      x = arith::MulFOp::create(at, r.values[0], scalar(at, kLog2E));
    }
    return mask ? arith::SelectOp::create(at, mask->emitAttends(at, k0, args.drop_front(), known), x, minusInfinity(at)).getResult() : x;
  });
}

SoftmaxState OnlineSoftmax::emitStep(ImplicitLocOpBuilder &b, const SoftmaxState &state, Value query, Value key, Value value, Value k0,
                                     const MaskWalk *mask) const {
  Value products = tile::MmaOp::create(b, scores, query, key, Value(), Value(), /*transpose_rhs=*/true);
  Value s = emitScores(b, products, k0, mask);
  Value tileMax = tile::ReduceOp::create(b, rows, tile::Reduction::Max, s, 1);
  Value newMax = map(b, rows, {state.max, tileMax}, {}, [&](ImplicitLocOpBuilder &at, ValueRange args) {
    Value x = factor == 1.0f ? args[1] : arith::MulFOp::create(at, args[1], scalar(at, factor)).getResult();
    return arith::MaxNumFOp::create(at, args[0], x);
  });
  Value shrink = map(b, rows, {state.max, newMax}, {}, [&](ImplicitLocOpBuilder &at, ValueRange args) {
    return math::Exp2Op::create(at, arith::SubFOp::create(at, args[0], args[1]));
  });
  Value p = map(b, scores, {s, newMax}, {Broadcast::None, Broadcast::Rows}, [&](ImplicitLocOpBuilder &at, ValueRange args) {
    Value logit = factor == 1.0f ? arith::SubFOp::create(at, args[0], args[1]).getResult()
                                 : math::FmaOp::create(at, args[0], scalar(at, factor), arith::NegFOp::create(at, args[1])).getResult();
    return math::Exp2Op::create(at, logit, weightPrecision);
  });
  Value tileSum = tile::ReduceOp::create(b, rows, tile::Reduction::Sum, p, 1);
  Value newSum = map(b, rows, {state.sum, shrink, tileSum}, {},
                     [&](ImplicitLocOpBuilder &at, ValueRange args) { return math::FmaOp::create(at, args[0], args[1], args[2]); });
  Value scaled = map(b, outputs, {state.output, shrink}, {Broadcast::None, Broadcast::Rows},
                     [&](ImplicitLocOpBuilder &at, ValueRange args) { return arith::MulFOp::create(at, args[0], args[1]); });
  return {newMax, newSum, tile::MmaOp::create(b, outputs, p, value, scaled, Value(), /*transpose_rhs=*/false)};
}

OnlineSoftmax::Results OnlineSoftmax::emitFinish(ImplicitLocOpBuilder &b, const SoftmaxState &state, Value sink, bool isShare) const {
  Value max = state.max, sum = state.sum, grow; // grow: factor on the output from a maximum that the sink raised
  if (sink) {
    bool isByRow = isa<tile::TileType>(sink.getType());
    Value one = isByRow ? Value() : arith::MulFOp::create(b, sink, scalar(b, kLog2E)).getResult();
    // A map that knows the base-2 logit of its row.
    auto withLogit = [&](SmallVector<Value> inputs, llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange, Value)> body) {
      if (isByRow)
        inputs.push_back(sink);
      return map(b, rows, inputs, {}, [&](ImplicitLocOpBuilder &at, ValueRange args) {
        return body(at, args, isByRow ? arith::MulFOp::create(at, args.back(), scalar(at, kLog2E)).getResult() : one);
      });
    };
    Value raised = withLogit({max}, [](ImplicitLocOpBuilder &at, ValueRange args, Value logit) { return arith::MaxNumFOp::create(at, args[0], logit); });
    grow = map(b, rows, {max, raised}, {}, [&](ImplicitLocOpBuilder &at, ValueRange args) {
      return math::Exp2Op::create(at, arith::SubFOp::create(at, args[0], args[1]));
    });
    sum = withLogit({sum, grow, raised}, [](ImplicitLocOpBuilder &at, ValueRange args, Value logit) {
      Value extra = math::Exp2Op::create(at, arith::SubFOp::create(at, logit, args[2]));
      return math::FmaOp::create(at, args[0], args[1], extra);
    });
    max = raised;
  }
  Value weight = map(b, rows, grow ? ValueRange{sum, grow} : ValueRange{sum}, {}, [&](ImplicitLocOpBuilder &at, ValueRange args) {
    Value inverse = arith::DivFOp::create(at, grow ? args[1] : scalar(at, 1.0), args[0]);
    return arith::SelectOp::create(at, isEmpty(at, args[0]), scalar(at, 0.0), inverse);
  });
  Results results;
  results.output = map(b, outputs, {state.output, weight}, {Broadcast::None, Broadcast::Rows},
                       [&](ImplicitLocOpBuilder &at, ValueRange args) { return arith::MulFOp::create(at, args[0], args[1]); });
  auto natural = [&](bool withSum) {
    return map(b, rows, {max, sum}, {}, [&](ImplicitLocOpBuilder &at, ValueRange args) {
      Value x = withSum ? arith::AddFOp::create(at, args[0], math::Log2Op::create(at, args[1])).getResult() : args[0];
      return arith::SelectOp::create(at, isEmpty(at, args[1]), minusInfinity(at), arith::MulFOp::create(at, x, scalar(at, kLn2)));
    });
  };
  if (op.hasLse() || isShare)
    results.lse = natural(true);
  if (op.hasRowMax())
    results.rowMax = natural(false);
  Type element = cast<ShapedType>(op.getResult(0).getType()).getElementType();
  if (!element.isF32() && !isShare)
    results.output = tile::ConvertOp::create(b, outputs.withElementType(element), results.output);
  return results;
}

} // namespace lacuna
