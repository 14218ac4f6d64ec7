// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Both ends are conditions on the operand's query, which is the key here: low(key) <= query and high(key) >= query + 1. Each is solved for the key, op by op
// from the yielded value down to the key. A condition without the key decides the whole row.
#include "passes/Masks/TransposeInterval.h"

#include "lib/Analysis/ScalarRange.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace lacuna::attn;

namespace {

/// Solves the two ends of one interval; `b` writes the region of the new one.
class EndSolver {
public:
  EndSolver(ImplicitLocOpBuilder &b, Block &ends, Block &solved) : b(b), query(solved.getArgument(2)) {
    mapping.map(ends.getArguments().take_front(2), solved.getArguments().take_front(2));
    key = ends.getArgument(2);
    varying.insert(key);
    for (Operation &op : ends.without_terminator()) {
      if (!llvm::any_of(op.getOperands(), [&](Value operand) { return varying.contains(operand); })) {
        cloneExchanged(b, op, mapping);
        continue;
      }
      varying.insert_range(op.getResults());
      missesByKey |= isa<LookupOp, SegmentOp>(op);
    }
  }

  /// Yields the new ends; false where there are none.
  bool solve(Value low, Value high) {
    next = b.createOrFold<arith::AddIOp>(query, constant(1));
    if (missesByKey || !atMost(low, query, 0) || !atLeast(high, next, 0))
      return false;
    Value begin = first ? first : constant(0), end = last ? last : KeyLengthOp::create(b).getResult();
    if (row)
      end = arith::SelectOp::create(b, row, end, begin);
    YieldOp::create(b, ValueRange{begin, end});
    return true;
  }

private:
  /// Sums of moved terms stay below it: no step on the way wraps, neither here nor in the operand.
  static constexpr uint64_t limit = (uint64_t(1) << 63) - (uint64_t(1) << 33);

  Value constant(int64_t value) { return arith::ConstantIndexOp::create(b, value); }

  /// f <= bound. `moved`: how far the terms that have been brought to the bound's side may reach.
  bool atMost(Value f, Value bound, uint64_t moved) {
    if (!varying.contains(f))
      return decideRow(arith::CmpIPredicate::sle, f, bound);
    if (f == key)
      return keepLeast(b.createOrFold<arith::AddIOp>(bound, constant(1)));
    if (auto greater = f.getDefiningOp<arith::MaxSIOp>())
      return atMost(greater.getLhs(), bound, moved) && atMost(greater.getRhs(), bound, moved);
    return move(f, bound, moved, /*isMost=*/true);
  }

  /// f >= bound.
  bool atLeast(Value f, Value bound, uint64_t moved) {
    if (!varying.contains(f))
      return decideRow(arith::CmpIPredicate::sge, f, bound);
    if (f == key)
      return keepGreatest(bound);
    if (auto less = f.getDefiningOp<arith::MinSIOp>())
      return atLeast(less.getLhs(), bound, moved) && atLeast(less.getRhs(), bound, moved);
    return move(f, bound, moved, /*isMost=*/false);
  }

  /// Brings the term of a sum or difference that has no key to the other side.
  bool move(Value f, Value bound, uint64_t moved, bool isMost) {
    Operation *op = f.getDefiningOp();
    if (!isa<arith::AddIOp, arith::SubIOp>(op) || (varying.contains(op->getOperand(0)) && varying.contains(op->getOperand(1))))
      return false;
    bool keyIsLeft = varying.contains(op->getOperand(0));
    Value rest = op->getOperand(keyIsLeft ? 0 : 1), term = op->getOperand(keyIsLeft ? 1 : 0);
    ConstantIntRanges range = lacuna::rangeOf(term, ranges);
    uint64_t reach = std::max(range.smin().abs().getZExtValue(), range.smax().abs().getZExtValue());
    if (reach > limit - moved)
      return false;
    term = mapping.lookupOrDefault(term);
    if (isa<arith::AddIOp>(op)) // rest + term
      bound = b.createOrFold<arith::SubIOp>(bound, term);
    else if (keyIsLeft) // rest - term
      bound = b.createOrFold<arith::AddIOp>(bound, term);
    else // term - rest: the comparison turns round
      bound = b.createOrFold<arith::SubIOp>(term, bound), isMost = !isMost;
    return isMost ? atMost(rest, bound, moved + reach) : atLeast(rest, bound, moved + reach);
  }

  bool decideRow(arith::CmpIPredicate predicate, Value f, Value bound) {
    // A low end of 0 or less and a high end at the length allow every query.
    if ((bound == query && !lacuna::rangeOf(f, ranges).smax().isStrictlyPositive()) || (bound == next && isa_and_nonnull<KeyLengthOp>(f.getDefiningOp())))
      return true;
    Value holds = arith::CmpIOp::create(b, predicate, mapping.lookupOrDefault(f), bound);
    row = row ? arith::AndIOp::create(b, row, holds).getResult() : holds;
    return true;
  }

  bool keepLeast(Value end) {
    last = last ? arith::MinSIOp::create(b, last, end).getResult() : end;
    return true;
  }
  bool keepGreatest(Value begin) {
    first = first ? arith::MaxSIOp::create(b, first, begin).getResult() : begin;
    return true;
  }

  ImplicitLocOpBuilder &b;
  Value query, next; ///< the query here, and the one after it
  Value key;         ///< the key here, in the operand's region, where it is called the query
  IRMapping mapping;
  llvm::SmallDenseSet<Value> varying; ///< what the key changes
  bool missesByKey = false;           ///< a table read that some keys of a row may miss: no interval
  DenseMap<Value, ConstantIntRanges> ranges;
  Value first, last, row; ///< [first, last) where row is true; null: no condition
};

} // namespace

void lacuna::attn::cloneExchanged(OpBuilder &b, Operation &op, IRMapping &mapping) {
  if (isa<QueryLengthOp>(op))
    mapping.map(op.getResult(0), KeyLengthOp::create(b, op.getLoc()).getResult());
  else if (isa<KeyLengthOp>(op))
    mapping.map(op.getResult(0), QueryLengthOp::create(b, op.getLoc()).getResult());
  else
    b.clone(op, mapping);
}

Value lacuna::attn::transposeToInterval(OpBuilder &b, IntervalOp op) {
  auto interval = IntervalOp::create(b, op.getLoc());
  OpBuilder::InsertionGuard guard(b);
  Type index = b.getIndexType();
  Block *block = b.createBlock(&interval.getBounds(), {}, {index, index, index}, SmallVector<Location>(3, op.getLoc()));
  auto at = ImplicitLocOpBuilder::atBlockBegin(op.getLoc(), block);
  Block &ends = op.getBounds().front();
  Operation *yield = ends.getTerminator();
  if (EndSolver(at, ends, *block).solve(yield->getOperand(0), yield->getOperand(1)))
    return interval;
  interval.erase();
  return {};
}
