// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn-lower-states: the formulas of attn.merge_states and attn.gate_sum on tensors. No kernel of our own: upstream's fusion and vectorization apply.
#include "dialects/Attn/Attn.h"
#include "dialects/Tile/Tile.h"
#include "passes/State/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <cmath>

namespace lacuna {
#define GEN_PASS_DEF_ATTNLOWERSTATES
#include "passes/State/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna::attn;

namespace {

struct State {
  Value output, lse;
};

Value number(ImplicitLocOpBuilder &b, double v) { return arith::ConstantOp::create(b, b.getF32FloatAttr(static_cast<float>(v))); }
Value isEmpty(ImplicitLocOpBuilder &b, Value lse) {
  return arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, lse, number(b, -INFINITY));
}

class Lowering {
public:
  Lowering(Operation *op, Layout layout) : dims(dimsOf(layout)), b(op->getLoc(), op) {}

  State merge(ArrayRef<State> parts, ValueRange temperatures, ValueRange logWeights) {
    for (const State &part : parts.drop_front())
      requireSameSizes(parts.front().output, part.output, "merge_states: size of a part");
    SmallVector<Value> lses = llvm::map_to_vector(parts, [](const State &part) { return part.lse; });
    SmallVector<Value> outputs = llvm::map_to_vector(parts, [](const State &part) { return part.output; });
    Type f32 = b.getF32Type();
    SmallVector<Value> rows = generic(lses, {}, SmallVector<Type>(parts.size() + 1, f32), lses.front(), [&](ImplicitLocOpBuilder &at, ValueRange args) {
      return mergeRow(at, args, temperatures, logWeights);
    });
    return {weightedSum(outputs, ArrayRef(rows).drop_front(), f32), rows.front()};
  }

  Value gateSum(ValueRange parts, ValueRange gates, Type element) {
    for (Value part : parts.drop_front())
      requireSameSizes(parts.front(), part, "gate_sum: size of an output");
    for (Value gate : gates)
      requireRowSizes(parts.front(), gate, "gate_sum: size of a gate");
    return weightedSum(SmallVector<Value>(parts), SmallVector<Value>(gates), element);
  }

  void requireState(const State &state) { requireRowSizes(state.output, state.lse, "make_state: size of the lse"); }

  Value converted(Value tensor, RankedTensorType type) {
    if (type.getElementType() != cast<ShapedType>(tensor.getType()).getElementType())
      tensor = generic(tensor, {}, type.getElementType(), tensor, [&](ImplicitLocOpBuilder &at, ValueRange args) -> SmallVector<Value> {
        return {arith::TruncFOp::create(at, type.getElementType(), args[0])};
      })[0];
    return tensor.getType() == type ? tensor : tensor::CastOp::create(b, type, tensor).getResult();
  }

private:
  using Body = llvm::function_ref<SmallVector<Value>(ImplicitLocOpBuilder &, ValueRange)>;

  /// An elementwise op over the shape of `like`. `rows` have one value per row; the body gets their elements first, then those of `inputs`.
  SmallVector<Value> generic(ValueRange inputs, ValueRange rows, TypeRange elements, Value like, Body body) {
    unsigned rank = cast<ShapedType>(like.getType()).getRank();
    AffineMap all = b.getMultiDimIdentityMap(rank);
    SmallVector<AffineMap> maps(rows.size(), rows.empty() ? all : rowMap(rank));
    maps.append(inputs.size() + elements.size(), all);
    SmallVector<Value> operands(rows), inits;
    llvm::append_range(operands, inputs);
    for (Type element : elements)
      inits.push_back(tensor::EmptyOp::create(b, tensor::getMixedSizes(b, b.getLoc(), like), element));
    SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
    auto op = linalg::GenericOp::create(b, ValueRange(inits).getTypes(), operands, inits, maps, iterators, [&](OpBuilder &inner, Location loc, ValueRange args) {
      ImplicitLocOpBuilder at(loc, inner);
      linalg::YieldOp::create(at, body(at, args.take_front(operands.size())));
    });
    return op.getResults();
  }

  AffineMap rowMap(unsigned rank) {
    SmallVector<unsigned> positions;
    if (dims.batch >= 0)
      positions.push_back(dims.batch);
    positions.append({static_cast<unsigned>(dims.head), static_cast<unsigned>(dims.sequence)});
    return AffineMap::getMultiDimMapWithTargets(rank, positions, b.getContext());
  }

  /// (joint LSE, weight of every part) of one row from the parts' LSE.
  SmallVector<Value> mergeRow(ImplicitLocOpBuilder &at, ValueRange lses, ValueRange temperatures, ValueRange logWeights) {
    SmallVector<Value> logs, weights;
    for (auto [i, lse] : llvm::enumerate(lses)) {
      Value x = lse;
      if (!temperatures.empty())
        x = arith::MulFOp::create(at, x, temperatures[i]);
      if (!logWeights.empty())
        x = arith::AddFOp::create(at, x, logWeights[i]);
      logs.push_back(x == lse ? lse : arith::SelectOp::create(at, isEmpty(at, lse), lse, x).getResult());
    }
    Value most = logs.front();
    for (Value log : ArrayRef(logs).drop_front())
      most = arith::MaximumFOp::create(at, most, log);
    Value empty = isEmpty(at, most), shift = arith::SelectOp::create(at, empty, number(at, 0.0), most), total;
    for (Value log : logs) {
      // exp of a difference of -inf is not left to an approximation.
      Value e = math::ExpOp::create(at, arith::SubFOp::create(at, log, shift));
      weights.push_back(arith::SelectOp::create(at, isEmpty(at, log), number(at, 0.0), e));
      total = total ? arith::AddFOp::create(at, total, weights.back()).getResult() : weights.back();
    }
    Value divisor = arith::SelectOp::create(at, empty, number(at, 1.0), total);
    SmallVector<Value> results{arith::AddFOp::create(at, most, math::LogOp::create(at, divisor))};
    for (Value weight : weights)
      results.push_back(arith::DivFOp::create(at, weight, divisor));
    return results;
  }

  /// Σ_i weights[i] · tensors[i] in f32, rounded to `element`.
  Value weightedSum(ArrayRef<Value> tensors, ArrayRef<Value> weights, Type element) {
    return generic(tensors, weights, element, tensors.front(), [&](ImplicitLocOpBuilder &at, ValueRange args) -> SmallVector<Value> {
      Value sum;
      for (size_t i = 0; i < tensors.size(); ++i) {
        Value x = args[tensors.size() + i];
        if (!x.getType().isF32())
          x = arith::ExtFOp::create(at, at.getF32Type(), x);
        Value term = arith::MulFOp::create(at, args[i], x);
        sum = sum ? arith::AddFOp::create(at, sum, term).getResult() : term;
      }
      return {element.isF32() ? sum : arith::TruncFOp::create(at, element, sum).getResult()};
    })[0];
  }

  void requireSize(Value expected, int64_t i, Value got, int64_t j, StringRef what) {
    auto sizeOf = [&](Value tensor, int64_t dim) -> Value {
      auto type = cast<ShapedType>(tensor.getType());
      return type.isDynamicDim(dim) ? tensor::DimOp::create(b, tensor, dim).getResult() : arith::ConstantIndexOp::create(b, type.getDimSize(dim)).getResult();
    };
    auto x = cast<ShapedType>(expected.getType()), y = cast<ShapedType>(got.getType());
    if (x.isDynamicDim(i) || y.isDynamicDim(j))
      lacuna::tile::RequireOp::create(b, sizeOf(expected, i), sizeOf(got, j), b.getStringAttr(what));
  }

  void requireSameSizes(Value expected, Value got, StringRef what) {
    for (int64_t i = 0; expected != got && i < cast<ShapedType>(expected.getType()).getRank(); ++i)
      requireSize(expected, i, got, i, what);
  }

  void requireRowSizes(Value expected, Value got, StringRef what) {
    AffineMap map = rowMap(cast<ShapedType>(expected.getType()).getRank());
    for (unsigned i = 0; i < map.getNumResults(); ++i)
      requireSize(expected, map.getDimPosition(i), got, i, what);
  }

  Dims dims;
  ImplicitLocOpBuilder b;
};

using States = llvm::DenseMap<Value, State>;

/// The op that computed the tensor, behind casts and slices.
Operation *originOf(Value tensor) {
  Operation *op = tensor.getDefiningOp();
  while (op && isa<tensor::CastOp, tensor::ExtractSliceOp>(op))
    op = op->getOperand(0).getDefiningOp();
  return op;
}

/// True for output and LSE of one attention, whose sizes need no check.
bool haveOneOrigin(Value output, Value lse) {
  Operation *origin = originOf(output);
  return origin && origin == originOf(lse) && isa<AttentionOp, lacuna::tile::LaunchOp>(origin);
}

/// Lowers one op; false where it is none of ours.
bool lower(Operation *op, States &states) {
  if (auto make = dyn_cast<MakeStateOp>(op)) {
    State &state = states[make.getState()] = {make.getOutput(), make.getLse()};
    if (!haveOneOrigin(make.getOutput(), make.getLse()))
      Lowering(op, make.getState().getType().getLayout()).requireState(state);
  } else if (auto merge = dyn_cast<MergeStatesOp>(op)) {
    SmallVector<State> parts = llvm::map_to_vector(merge.getParts(), [&](Value part) { return states.at(part); });
    Lowering lowering(op, merge.getMerged().getType().getLayout());
    states[merge.getMerged()] = lowering.merge(parts, merge.getTemperatures(), merge.getLogWeights());
  } else if (auto finalize = dyn_cast<FinalizeOp>(op)) {
    State state = states.at(finalize.getState());
    Lowering lowering(op, finalize.getState().getType().getLayout());
    finalize.getOutput().replaceAllUsesWith(lowering.converted(state.output, finalize.getOutput().getType()));
    if (Value lse = finalize.getLse())
      lse.replaceAllUsesWith(lowering.converted(state.lse, cast<RankedTensorType>(lse.getType())));
  } else if (auto gates = dyn_cast<GateSumOp>(op)) {
    Lowering lowering(op, gates.getLayout());
    RankedTensorType type = gates.getOutput().getType();
    gates.getOutput().replaceAllUsesWith(lowering.converted(lowering.gateSum(gates.getParts(), gates.getGates(), type.getElementType()), type));
  } else {
    return false;
  }
  return true;
}

struct AttnLowerStates final : lacuna::impl::AttnLowerStatesBase<AttnLowerStates> {
  void runOnOperation() override {
    States states;
    SmallVector<Operation *> done;
    WalkResult result = getOperation().walk([&](Operation *op) -> WalkResult {
      for (Value operand : op->getOperands())
        if (isa<StateType>(operand.getType()) && !states.contains(operand))
          return op->emitOpError("expects a state that attn ops of the same function made, but got ") << operand, WalkResult::interrupt();
      if (lower(op, states))
        done.push_back(op);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    for (Operation *op : llvm::reverse(done))
      op->erase();
  }
};

} // namespace
