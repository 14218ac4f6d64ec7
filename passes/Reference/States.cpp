// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Merging, finishing and gated sums as loops over rows in f64, from the formulas of docs/semantics.md. A state is a pair of tensors (output, LSE) of f32 or f64.
#include "passes/Reference/States.h"

#include "dialects/Attn/Attn.h"
#include "passes/Reference/ExpLog.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

using namespace mlir;
using namespace lacuna::attn;

namespace {

struct State {
  Value output, lse;
};

class StateBuilder {
public:
  StateBuilder(Operation *op, Layout layout) : dims(dimsOf(layout)), b(op->getLoc(), op) {}

  State merge(ArrayRef<State> parts, ValueRange temperatures, ValueRange logWeights) {
    Value output = emptyLike(parts.front().output, b.getF64Type()), lse = emptyLike(parts.front().lse, b.getF64Type());
    ValueRange results = forEach(sizes(parts.front().lse), {output, lse}, [&](ValueRange row, ValueRange carried) -> SmallVector<Value> {
      SmallVector<Value> logs;
      Value most = number(-std::numeric_limits<double>::infinity());
      for (auto [i, part] : llvm::enumerate(parts)) {
        logs.push_back(partLog(load(part.lse, row), temperatures.empty() ? Value() : temperatures[i], logWeights.empty() ? Value() : logWeights[i]));
        most = arith::MaximumFOp::create(b, most, logs.back());
      }
      Value isEmpty = isMinusInfinity(most), shift = arith::SelectOp::create(b, isEmpty, number(0.0), most), total = number(0.0);
      SmallVector<Value> weights;
      for (Value log : logs) {
        weights.push_back(lacuna::emitExpOfNonPositive(b, arith::SubFOp::create(b, log, shift)));
        total = arith::AddFOp::create(b, total, weights.back());
      }
      Value divisor = arith::SelectOp::create(b, isEmpty, number(1.0), total);
      Value sum = arith::AddFOp::create(b, most, lacuna::emitLog(b, divisor));
      for (Value &weight : weights)
        weight = arith::DivFOp::create(b, weight, divisor);
      SmallVector<Value> outputs = llvm::map_to_vector(parts, [](const State &part) { return part.output; });
      return {weightedRow(carried[0], outputs, weights, row), tensor::InsertOp::create(b, sum, carried[1], row)};
    });
    return {results[0], results[1]};
  }

  Value gateSum(ValueRange parts, ValueRange gates, Type element) {
    return forEach(sizes(gates.front()), {emptyLike(parts.front(), element)}, [&](ValueRange row, ValueRange carried) -> SmallVector<Value> {
      SmallVector<Value> weights = llvm::map_to_vector(gates, [&](Value gate) { return load(gate, row); });
      return {weightedRow(carried[0], SmallVector<Value>(parts), weights, row)};
    })[0];
  }

  /// The tensor in the given type, element by element.
  Value converted(Value tensor, RankedTensorType type) {
    Value result = forEach(sizes(tensor), {emptyLike(tensor, type.getElementType())}, [&](ValueRange at, ValueRange carried) -> SmallVector<Value> {
      return {tensor::InsertOp::create(b, round(load(tensor, at), type.getElementType()), carried[0], at)};
    })[0];
    return result.getType() == type ? result : tensor::CastOp::create(b, type, result).getResult();
  }

private:
  using Body = llvm::function_ref<SmallVector<Value>(ValueRange, ValueRange)>;

  Value number(double v) { return arith::ConstantOp::create(b, b.getF64FloatAttr(v)); }
  Value isMinusInfinity(Value x) {
    return arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, x, number(-std::numeric_limits<double>::infinity()));
  }

  SmallVector<Value> sizes(Value tensor) {
    return llvm::map_to_vector(llvm::seq<int64_t>(0, cast<ShapedType>(tensor.getType()).getRank()),
                               [&](int64_t i) { return b.createOrFold<tensor::DimOp>(tensor, i); });
  }

  Value emptyLike(Value tensor, Type element) { return tensor::EmptyOp::create(b, tensor::getMixedSizes(b, b.getLoc(), tensor), element); }

  /// Loops over all positions below `ends`.
  ValueRange forEach(ArrayRef<Value> ends, ValueRange carried, Body body) {
    SmallVector<Value> zeros(ends.size(), arith::ConstantIndexOp::create(b, 0)), ones(ends.size(), arith::ConstantIndexOp::create(b, 1));
    scf::LoopNest nest = scf::buildLoopNest(b, b.getLoc(), zeros, ends, ones, carried, [&](OpBuilder &inner, Location, ValueRange at, ValueRange values) {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPoint(inner.getInsertionBlock(), inner.getInsertionPoint());
      return body(at, values);
    });
    return nest.loops.front().getResults();
  }

  /// The element as f64; by way of f32, which every target converts to without a library call.
  Value load(Value tensor, ValueRange at) {
    Value x = tensor::ExtractOp::create(b, tensor, at);
    if (x.getType().getIntOrFloatBitWidth() < 32)
      x = arith::ExtFOp::create(b, b.getF32Type(), x);
    return x.getType().isF64() ? x : arith::ExtFOp::create(b, b.getF64Type(), x).getResult();
  }

  Value round(Value x, Type type) {
    if (type.isF64())
      return x;
    Value f32 = arith::TruncFOp::create(b, b.getF32Type(), x);
    return type.isF32() ? f32 : arith::TruncFOp::create(b, type, f32).getResult();
  }

  /// a · lse + w; a part without keys has none, whatever a and w.
  Value partLog(Value lse, Value temperature, Value logWeight) {
    Value x = lse;
    if (temperature)
      x = arith::MulFOp::create(b, x, arith::ExtFOp::create(b, b.getF64Type(), temperature));
    if (logWeight)
      x = arith::AddFOp::create(b, x, arith::ExtFOp::create(b, b.getF64Type(), logWeight));
    return arith::SelectOp::create(b, isMinusInfinity(lse), lse, x);
  }

  /// destination[row, d] = Σ_i weights[i] · tensors[i][row, d].
  Value weightedRow(Value destination, ArrayRef<Value> tensors, ArrayRef<Value> weights, ValueRange row) {
    Value size = b.createOrFold<tensor::DimOp>(destination, dims.feature);
    return forEach({size}, {destination}, [&](ValueRange d, ValueRange carried) -> SmallVector<Value> {
      SmallVector<Value> at(dims.batch < 0 ? 3 : 4);
      if (dims.batch >= 0)
        at[dims.batch] = row[0];
      at[dims.head] = row.drop_back().back(), at[dims.sequence] = row.back(), at[dims.feature] = d.front();
      Value sum = number(0.0);
      for (auto [tensor, weight] : llvm::zip(tensors, weights))
        sum = arith::AddFOp::create(b, sum, arith::MulFOp::create(b, weight, load(tensor, at)));
      Type element = cast<ShapedType>(destination.getType()).getElementType();
      return {tensor::InsertOp::create(b, round(sum, element), carried[0], at)};
    })[0];
  }

  Dims dims;
  ImplicitLocOpBuilder b;
};

} // namespace

LogicalResult lacuna::lowerStatesToReference(ModuleOp module) {
  llvm::DenseMap<Value, State> states;
  SmallVector<Operation *> done;
  WalkResult result = module.walk([&](Operation *op) -> WalkResult {
    for (Value operand : op->getOperands())
      if (isa<StateType>(operand.getType()) && !states.contains(operand))
        return op->emitOpError("expects a state that attn ops of the same function made, but got ") << operand, WalkResult::interrupt();
    if (auto make = dyn_cast<MakeStateOp>(op)) {
      states[make.getState()] = {make.getOutput(), make.getLse()};
    } else if (auto merge = dyn_cast<MergeStatesOp>(op)) {
      SmallVector<State> parts = llvm::map_to_vector(merge.getParts(), [&](Value part) { return states.at(part); });
      StateBuilder builder(op, merge.getMerged().getType().getLayout());
      states[merge.getMerged()] = builder.merge(parts, merge.getTemperatures(), merge.getLogWeights());
    } else if (auto finalize = dyn_cast<FinalizeOp>(op)) {
      State state = states.at(finalize.getState());
      StateBuilder builder(op, finalize.getState().getType().getLayout());
      finalize.getOutput().replaceAllUsesWith(builder.converted(state.output, finalize.getOutput().getType()));
      if (Value lse = finalize.getLse())
        lse.replaceAllUsesWith(builder.converted(state.lse, cast<RankedTensorType>(lse.getType())));
    } else if (auto gates = dyn_cast<GateSumOp>(op)) {
      Value sum = StateBuilder(op, gates.getLayout()).gateSum(gates.getParts(), gates.getGates(), gates.getOutput().getType().getElementType());
      ImplicitLocOpBuilder b(op->getLoc(), op);
      gates.getOutput().replaceAllUsesWith(b.createOrFold<tensor::CastOp>(gates.getOutput().getType(), sum));
    } else {
      return WalkResult::advance();
    }
    done.push_back(op);
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  for (Operation *op : llvm::reverse(done))
    op->erase();
  return success();
}
