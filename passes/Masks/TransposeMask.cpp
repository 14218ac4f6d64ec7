// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One rule for each kind of mask. Rules that keep the kind come first: what is an interval, a document, a part or a choice stays one, so the analysis sees
// of the transpose what it sees of the mask.
#include "passes/Masks/TransposeMask.h"

#include "passes/Masks/TransposeInterval.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace lacuna::attn;

namespace {

using EndsOf = function_ref<std::pair<Value, Value>(ImplicitLocOpBuilder &, ValueRange coordinates)>;

Value createInterval(OpBuilder &b, Location loc, EndsOf ends) {
  auto interval = IntervalOp::create(b, loc);
  OpBuilder::InsertionGuard guard(b);
  Type index = b.getIndexType();
  Block *block = b.createBlock(&interval.getBounds(), {}, {index, index, index}, {loc, loc, loc});
  auto at = ImplicitLocOpBuilder::atBlockBegin(loc, block);
  auto [low, high] = ends(at, block->getArguments());
  YieldOp::create(at, ValueRange{low, high});
  return interval;
}

/// Copies the ops of a region with `arguments` for its own, the lengths exchanged. Returns what it yields.
SmallVector<Value> copyExchanged(OpBuilder &b, Region &from, ArrayRef<Value> arguments) {
  IRMapping mapping;
  mapping.map(from.getArguments(), arguments);
  for (Operation &op : from.front().without_terminator())
    cloneExchanged(b, op, mapping);
  return llvm::map_to_vector(from.front().getTerminator()->getOperands(), [&](Value yielded) { return mapping.lookupOrDefault(yielded); });
}

Value createPredicate(OpBuilder &b, Location loc, function_ref<Value(ImplicitLocOpBuilder &, ValueRange coordinates)> attends) {
  auto predicate = PredicateOp::create(b, loc);
  OpBuilder::InsertionGuard guard(b);
  Block *block = b.createBlock(&predicate.getBody(), {}, SmallVector<Type>(4, b.getIndexType()), SmallVector<Location>(4, loc));
  auto at = ImplicitLocOpBuilder::atBlockBegin(loc, block);
  Value result = attends(at, block->getArguments());
  YieldOp::create(at, result);
  return predicate;
}

Value transposeAtom(OpBuilder &b, PredicateOp op) {
  return createPredicate(b, op.getLoc(), [&](ImplicitLocOpBuilder &at, ValueRange x) {
    return copyExchanged(at, op.getBody(), {x[0], x[1], x[3], x[2]})[0];
  });
}

/// Ends that are no sums of the query: low(k) <= q < high(k), pair by pair.
Value transposeAtom(OpBuilder &b, IntervalOp op) {
  if (Value interval = transposeToInterval(b, op))
    return interval;
  return createPredicate(b, op.getLoc(), [&](ImplicitLocOpBuilder &at, ValueRange x) -> Value {
    SmallVector<Value> ends = copyExchanged(at, op.getBounds(), {x[0], x[1], x[3]});
    Value above = arith::CmpIOp::create(at, arith::CmpIPredicate::sge, x[2], ends[0]);
    Value below = arith::CmpIOp::create(at, arith::CmpIPredicate::slt, x[2], ends[1]);
    return arith::AndIOp::create(at, above, below);
  });
}

Value transposeAtom(OpBuilder &b, EqualOp op) {
  auto equal = EqualOp::create(b, op.getLoc());
  OpBuilder::InsertionGuard guard(b);
  for (auto [from, to] : {std::pair(&op.getQuery(), &equal.getKey()), std::pair(&op.getKey(), &equal.getQuery())}) {
    Block *block = b.createBlock(to, {}, SmallVector<Type>(3, b.getIndexType()), SmallVector<Location>(3, op.getLoc()));
    YieldOp::create(b, op.getLoc(), copyExchanged(b, *from, SmallVector<Value>(block->getArguments())));
  }
  return equal;
}

/// A window to the left is one to the right; `off` changes its sign with the lengths.
Value transposeWindow(OpBuilder &b, SlidingWindowOp op) {
  SmallVector<OpFoldResult> window = getMixedValues(op.getStaticWindow(), op.getWindow(), op.getContext());
  SmallVector<Value> values;
  SmallVector<int64_t> constants;
  dispatchIndexOpFoldResults({window[1], window[0]}, values, constants);
  return SlidingWindowOp::create(b, op.getLoc(), op.getType(), values, constants, op.getAlign());
}

Value transposeRestrict(OpBuilder &b, RestrictOp op, Value inner) {
  SmallVector<OpFoldResult> bounds = op.getMixedBounds();
  std::swap(bounds[RestrictOp::QueryOffset], bounds[RestrictOp::KeyOffset]);
  std::swap(bounds[RestrictOp::QueryLength], bounds[RestrictOp::KeyLength]);
  SmallVector<Value> values;
  SmallVector<int64_t> constants;
  dispatchIndexOpFoldResults(bounds, values, constants);
  return RestrictOp::create(b, op.getLoc(), op.getType(), inner, values, constants);
}

/// Runs of rows per key become runs of keys per row: one or two intervals for each run. A row beyond the table attends nothing, as its ends miss.
Value transposeRuns(OpBuilder &b, ColumnRunsOp op, RunsSetOp runs) {
  auto end = [&](ImplicitLocOpBuilder &at, ValueRange x, int64_t column) -> Value {
    Value number = arith::ConstantIndexOp::create(at, column);
    return LookupOp::create(at, at.getIndexType(), runs.getRows(), ValueRange{x[0], x[1], x[2], number}, /*monotone=*/UnitAttr(),
                            /*grouped=*/at.getUnitAttr());
  };
  // From the beginning to an end of the table, from one to the last key, or between two.
  auto run = [&](std::optional<int64_t> low, std::optional<int64_t> high) {
    return createInterval(b, op.getLoc(), [&](ImplicitLocOpBuilder &at, ValueRange x) -> std::pair<Value, Value> {
      Value first = low ? end(at, x, *low) : arith::ConstantIndexOp::create(at, 0).getResult();
      return {first, high ? end(at, x, *high) : KeyLengthOp::create(at).getResult()};
    });
  };
  auto outside = [&](int64_t low) -> Value { return OrOp::create(b, op.getLoc(), ValueRange{run({}, low), run(low + 1, {})}); };
  int64_t columns = cast<ShapedType>(runs.getRows().getType()).getDimSize(3);
  if (columns == 1)
    return run({}, 0);
  if (columns == 4)
    return AndOp::create(b, op.getLoc(), ValueRange{outside(0), outside(2)});
  return runs.getBoth() ? run(1, 0) : outside(0);
}

/// Transposes a tree of masks; shared parts once.
class Transposer {
public:
  explicit Transposer(OpBuilder &b) : b(b) {}

  Value transpose(Value mask) {
    if (Value known = results.lookup(mask))
      return known;
    Value result = build(mask);
    return results[mask] = result;
  }

private:
  Value build(Value mask) {
    Operation *op = mask.getDefiningOp();
    if (!op || !isa<AttnDialect>(op->getDialect()) || isa<NamedOp>(op)) {
      emitError(mask.getLoc(), "expects the operand of attn.transpose to be built from attn mask ops in the same function, but got ")
          << (op ? op->getName().getStringRef() : StringRef("a block argument"));
      return {};
    }
    if (auto inner = dyn_cast<TransposeOp>(op))
      return inner.getOperand();
    SmallVector<Value> masks; // operands of the op that are masks
    for (Value operand : op->getOperands())
      if (isa<MaskType>(operand.getType()))
        if (!masks.emplace_back(transpose(operand)))
          return {};
    return transposeOp(op, masks);
  }

  /// `masks` are transposed already.
  Value transposeOp(Operation *op, ArrayRef<Value> masks) {
    Location loc = op->getLoc();
    return TypeSwitch<Operation *, Value>(op)
        .Case([&](AllOp all) { return Value(all); })
        .Case<IntervalOp, EqualOp, PredicateOp>([&](auto atom) { return transposeAtom(b, atom); })
        .Case<AndOp, OrOp>([&](auto algebra) { return decltype(algebra)::create(b, loc, masks); })
        .Case([&](NotOp) { return NotOp::create(b, loc, masks[0]); })
        .Case([&](SlidingWindowOp window) { return transposeWindow(b, window); })
        .Case([&](SelectOp select) { return SelectOp::create(b, loc, select.getAxis(), select.getTable(), masks); })
        .Case([&](RestrictOp part) { return transposeRestrict(b, part, masks[0]); })
        .Case([&](DocumentOp packed) { return DocumentOp::create(b, loc, packed.getCuK(), packed.getCuQ(), masks.empty() ? Value() : masks[0]); })
        .Case<BlockCoverOp, BlockInteriorOp>([&](auto blocks) -> Value {
          if (!blocks.getFrame().empty()) // a frame is of rows
            return blocks.emitOpError("expects no frame inside attn.transpose"), Value();
          ArrayRef<int64_t> extents = blocks.getBlock();
          return decltype(blocks)::create(b, loc, masks[0], {extents[1], extents[0]});
        })
        .Case([&](ColumnRunsOp columns) -> Value {
          auto runs = columns.getSet().getDefiningOp<RunsSetOp>();
          return runs ? transposeRuns(b, columns, runs) : postpone(columns);
        })
        .Default([&](Operation *core) { return postpone(core); });
  }

  /// A core mask without a rule has become atoms when this one is reached.
  Value postpone(Operation *core) { return TransposeOp::create(b, core->getLoc(), core->getResult(0)); }

  OpBuilder &b;
  DenseMap<Value, Value> results;
};

} // namespace

Value lacuna::attn::expandTranspose(OpBuilder &b, TransposeOp op) { return Transposer(b).transpose(op.getOperand()); }
