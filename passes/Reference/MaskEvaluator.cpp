// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each atom's region is copied, index maps become bounds-checked reads, the algebra becomes and/or/xor on i1. Nothing
// is skipped or hoisted: upstream's loop-invariant code motion may do that.
#include "passes/Reference/MaskEvaluator.h"

#include "passes/Reference/SetEvaluator.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::attn;

namespace {

Value compare(ImplicitLocOpBuilder &b, arith::CmpIPredicate predicate, Value lhs, Value rhs) {
  return arith::CmpIOp::create(b, predicate, lhs, rhs);
}

/// lo <= x < hi.
Value within(ImplicitLocOpBuilder &b, Value lo, Value x, Value hi) {
  return arith::AndIOp::create(b, compare(b, arith::CmpIPredicate::sle, lo, x),
                               compare(b, arith::CmpIPredicate::slt, x, hi));
}

Value conjunction(ImplicitLocOpBuilder &b, Value lhs, Value rhs) {
  if (!lhs || !rhs)
    return lhs ? lhs : rhs;
  return arith::AndIOp::create(b, lhs, rhs);
}

Value sizeOf(ImplicitLocOpBuilder &b, Value table, int64_t dim) {
  if (isa<MemRefType>(table.getType()))
    return b.createOrFold<memref::DimOp>(table, dim);
  return b.createOrFold<tensor::DimOp>(table, dim);
}

/// The entry at `indices`, known to be in range, as index or float.
Value readEntry(ImplicitLocOpBuilder &b, Value table, ValueRange indices) {
  Value entry = isa<MemRefType>(table.getType()) ? Value(memref::LoadOp::create(b, table, indices))
                                                 : Value(tensor::ExtractOp::create(b, table, indices));
  if (isa<FloatType>(entry.getType()))
    return entry;
  if (entry.getType().isInteger(1))
    return arith::IndexCastUIOp::create(b, b.getIndexType(), entry);
  return arith::IndexCastOp::create(b, b.getIndexType(), entry);
}

/// {entry or 0, whether the indices are inside the table}.
std::pair<Value, Value> checkedLookup(ImplicitLocOpBuilder &b, Value table, ValueRange indices, Type type) {
  Value zero = arith::ConstantIndexOp::create(b, 0), inRange;
  for (auto [dim, index] : llvm::enumerate(indices))
    inRange = conjunction(b, inRange, within(b, zero, index, sizeOf(b, table, dim)));
  if (!inRange) // a table of rank 0
    inRange = arith::ConstantIntOp::create(b, 1, 1);
  auto read = scf::IfOp::create(
      b, inRange, [&](OpBuilder &, Location) { scf::YieldOp::create(b, readEntry(b, table, indices)); },
      [&](OpBuilder &, Location) {
        scf::YieldOp::create(b, ValueRange{arith::ConstantOp::create(b, type, b.getZeroAttr(type))});
      });
  return {read.getResult(0), inRange};
}

/// {last d with cu[d] <= x < cu[d + 1], or 0; whether there is one}, by linear search.
std::pair<Value, Value> searchSegment(ImplicitLocOpBuilder &b, Value boundaries, Value position) {
  Value zero = arith::ConstantIndexOp::create(b, 0), one = arith::ConstantIndexOp::create(b, 1);
  Value none = arith::ConstantIndexOp::create(b, -1);
  Value count = arith::SubIOp::create(b, sizeOf(b, boundaries, 0), one);
  auto search = scf::ForOp::create(
      b, zero, count, one, ValueRange{none}, [&](OpBuilder &inner, Location loc, Value d, ValueRange found) {
        ImplicitLocOpBuilder body(loc, inner);
        Value lo = readEntry(body, boundaries, d),
              hi = readEntry(body, boundaries, ValueRange{arith::AddIOp::create(body, d, one)});
        Value hit = within(body, lo, position, hi);
        scf::YieldOp::create(body, ValueRange{arith::SelectOp::create(body, hit, d, found[0])});
      });
  Value found = search.getResult(0), hit = compare(b, arith::CmpIPredicate::sge, found, zero);
  return {arith::SelectOp::create(b, hit, found, zero), hit};
}

class MaskEvaluator {
public:
  MaskEvaluator(ImplicitLocOpBuilder &b, const Pair &pair) : b(b), pair(pair) {}

  Value evaluate(Value mask) {
    if (Value known = values.lookup(mask))
      return known;
    Operation *op = mask.getDefiningOp();
    if (!op || !isa<IntervalOp, EqualOp, PredicateOp, AndOp, OrOp, NotOp, BlockCoverOp, BlockInteriorOp>(op)) {
      emitError(mask.getLoc(), "expects attn-expand-masks to run first, but got a mask made by ")
          << (op ? op->getName().getStringRef() : StringRef("a block argument"));
      return {};
    }
    Value result = TypeSwitch<Operation *, Value>(op)
                       .Case([&](IntervalOp atom) { return evaluateInterval(atom); })
                       .Case([&](EqualOp atom) { return evaluateEqual(atom); })
                       .Case([&](PredicateOp atom) { return evaluatePredicate(atom); })
                       .Case([&](BlockCoverOp op) { return evaluateBlock(op.getMask(), op.getBlock(), op.getFrame(), /*anyOf=*/true); })
                       .Case([&](BlockInteriorOp op) { return evaluateBlock(op.getMask(), op.getBlock(), op.getFrame(), false); })
                       .Default([&](Operation *algebra) { return evaluateAlgebra(algebra); });
    return values[mask] = result;
  }

private:
  Value evaluateInterval(IntervalOp op) {
    InlinedRegion bounds = inlineRegion(b, op.getBounds(), {pair.batch, pair.head, pair.query}, pair);
    return conjunction(b, bounds.inRange, within(b, bounds.results[0], pair.key, bounds.results[1]));
  }

  Value evaluateEqual(EqualOp op) {
    InlinedRegion f = inlineRegion(b, op.getQuery(), {pair.batch, pair.head, pair.query}, pair);
    InlinedRegion g = inlineRegion(b, op.getKey(), {pair.batch, pair.head, pair.key}, pair);
    Value same = compare(b, arith::CmpIPredicate::eq, f.results[0], g.results[0]);
    return conjunction(b, conjunction(b, f.inRange, g.inRange), same);
  }

  Value evaluatePredicate(PredicateOp op) {
    InlinedRegion body = inlineRegion(b, op.getBody(), {pair.batch, pair.head, pair.query, pair.key}, pair);
    return conjunction(b, body.inRange, body.results[0]);
  }

  /// First and last + 1 position of the block that x lies in, of those below `length`.
  std::pair<Value, Value> blockAround(Value x, int64_t size, Value length) {
    Value step = arith::ConstantIndexOp::create(b, size);
    Value begin = arith::MulIOp::create(b, arith::DivUIOp::create(b, x, step), step);
    return {begin, arith::MinSIOp::create(b, arith::AddIOp::create(b, begin, step), length)};
  }

  /// Blocks of the coordinates that `frame` gives, where it has any.
  Value evaluateBlock(Value mask, ArrayRef<int64_t> block, Region &frame, bool anyOf) {
    if (frame.empty())
      return evaluateBlock(mask, block, pair, anyOf);
    InlinedRegion at = inlineRegion(b, frame, {pair.batch, pair.head, pair.query}, pair);
    Value query = at.results[0], queries = at.results[1], keys = at.results[3], zero = arith::ConstantIndexOp::create(b, 0);
    Value key = arith::SubIOp::create(b, pair.key, at.results[2]);
    Value exists = arith::AndIOp::create(b, within(b, zero, query, queries), within(b, zero, key, keys));
    Value attends = evaluateBlock(mask, block, Pair{pair.batch, pair.head, query, key, queries, keys, pair.heads}, anyOf);
    return attends ? conjunction(b, conjunction(b, at.inRange, exists), attends) : Value();
  }

  /// Some or every pair of the block, one after another.
  Value evaluateBlock(Value mask, ArrayRef<int64_t> block, const Pair &pair, bool anyOf) {
    auto [q0, q1] = blockAround(pair.query, block[0], pair.queryLength);
    auto [k0, k1] = blockAround(pair.key, block[1], pair.keyLength);
    Value one = arith::ConstantIndexOp::create(b, 1), start = arith::ConstantIntOp::create(b, !anyOf, 1);
    bool failed = false;
    auto overKeys = [&, begin = k0, end = k1](OpBuilder &outer, Location loc, Value query, ValueRange soFar) {
      auto keys = scf::ForOp::create(outer, loc, begin, end, one, soFar, [&](OpBuilder &inner, Location, Value key, ValueRange state) {
        ImplicitLocOpBuilder body(loc, inner);
        Pair here{pair.batch, pair.head, query, key, pair.queryLength, pair.keyLength, pair.heads};
        Value attends = MaskEvaluator(body, here).evaluate(mask);
        failed |= !attends;
        Value joined = failed  ? state[0]
                       : anyOf ? Value(arith::OrIOp::create(body, state[0], attends))
                               : Value(arith::AndIOp::create(body, state[0], attends));
        scf::YieldOp::create(body, joined);
      });
      scf::YieldOp::create(outer, loc, keys.getResults());
    };
    Value result = scf::ForOp::create(b, q0, q1, one, start, overKeys).getResult(0);
    return failed ? Value() : result;
  }

  Value evaluateAlgebra(Operation *op) {
    Value result;
    for (Value operand : op->getOperands()) {
      Value value = evaluate(operand);
      if (!value)
        return {};
      if (isa<NotOp>(op))
        result = arith::XOrIOp::create(b, value, arith::ConstantIntOp::create(b, 1, 1));
      else if (!result)
        result = value;
      else
        result = isa<AndOp>(op) ? Value(arith::AndIOp::create(b, result, value))
                                : Value(arith::OrIOp::create(b, result, value));
    }
    return result;
  }

  ImplicitLocOpBuilder &b;
  const Pair &pair;
  DenseMap<Value, Value> values; ///< shared masks are evaluated once a pair
};

} // namespace

InlinedRegion lacuna::inlineRegion(ImplicitLocOpBuilder &b, Region &region, ValueRange arguments, const Pair &pair) {
  InlinedRegion inlined;
  IRMapping mapping;
  mapping.map(region.getArguments(), arguments);
  auto record = [&](Operation &op, std::pair<Value, Value> checked) {
    mapping.map(op.getResult(0), checked.first);
    inlined.inRange = conjunction(b, inlined.inRange, checked.second);
  };
  for (Operation &op : region.front().without_terminator()) {
    auto mapped = [&](Value value) { return mapping.lookupOrDefault(value); };
    if (auto lookup = dyn_cast<LookupOp>(op)) {
      SmallVector<Value> indices = llvm::map_to_vector(lookup.getIndices(), mapped);
      if (lookup.getGrouped())
        std::tie(indices[0], indices[1]) = sharedRow(b, lookup.getTable(), indices[0], indices[1], pair);
      record(op, checkedLookup(b, lookup.getTable(), indices, lookup.getType()));
    } else if (auto contains = dyn_cast<ContainsOp>(op))
      mapping.map(op.getResult(0), evaluateContains(b, contains, mapping, pair));
    else if (auto segment = dyn_cast<SegmentOp>(op))
      record(op, searchSegment(b, segment.getBoundaries(), mapped(segment.getPosition())));
    else if (isa<QueryLengthOp, KeyLengthOp>(op))
      mapping.map(op.getResult(0), isa<QueryLengthOp>(op) ? pair.queryLength : pair.keyLength);
    else
      b.clone(op, mapping);
  }
  for (Value yielded : region.front().getTerminator()->getOperands())
    inlined.results.push_back(mapping.lookupOrDefault(yielded));
  return inlined;
}

Value lacuna::evaluateMask(ImplicitLocOpBuilder &b, Value mask, const Pair &pair) {
  return MaskEvaluator(b, pair).evaluate(mask);
}
