// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/RegionTwinImpl.h"

#include "lib/Analysis/SetMembership.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace lacuna {
namespace {

constexpr int64_t kMaxCoordinate = INT32_MAX; // a condition of the analysis: sizes and positions are below 2^31

Value toIndex(ImplicitLocOpBuilder &b, Value x) {
  return x.getType().isIndex() ? x : b.createOrFold<arith::IndexCastOp>(b.getIndexType(), x);
}

} // namespace

RegionRange RegionTwin::run(Region &region, ArrayRef<TwinValue> arguments) {
  Block &block = region.front();
  for (auto [argument, value] : llvm::zip_equal(block.getArguments(), arguments))
    define(argument, value);
  for (Operation &op : block.without_terminator()) {
    r.b.setLoc(op.getLoc());
    define(op.getResult(0), visit(op));
  }
  RegionRange result{{}, valid};
  for (Value value : block.getTerminator()->getOperands())
    result.values.push_back(get(value));
  return result;
}

void RegionTwin::define(Value value, TwinValue known) {
  if (known.exact)
    exact.map(value, known.exact);
  values[value] = std::move(known);
}

TwinValue RegionTwin::get(Value value) {
  auto it = values.find(value);
  if (it != values.end())
    return it->second;
  auto [outside, isNew] = context.outside.try_emplace(value);
  if (isNew) {
    TwinValue known = context.uniform(exact.lookupOrDefault(value));
    context.outside[value] = known;
    return known;
  }
  return outside->second;
}

TwinValue RegionTwin::visitTable(Operation &op, Value table, ValueRange indices, bool isUniform) {
  table = exact.lookupOrDefault(table);
  Type type = op.getResult(0).getType();
  auto segment = dyn_cast<attn::SegmentOp>(op);
  auto lookup = dyn_cast<attn::LookupOp>(op);
  Value batch, head; // of a grouped table
  if (lookup && lookup.getGrouped()) {
    batch = exact.lookupOrNull(indices[0]), head = exact.lookupOrNull(indices[1]);
    if (!batch || !head) {
      valid = r.both(valid, r.unknown());
      return {};
    }
    emitGroupIndices(r.b, table, context.box.heads, batch, head);
  }
  if (isUniform) {
    SmallVector<Value> at = llvm::map_to_vector(indices, [&](Value v) { return exact.lookup(v); });
    if (batch)
      at[0] = batch, at[1] = head;
    Value value, inside;
    if (segment) {
      SegmentResult found = emitSegment(r.b, op.getLoc(), table, at[0]);
      value = found.segment, inside = found.valid;
    } else {
      LookupResult found = emitLookup(r.b, op.getLoc(), table, at, type);
      value = found.value, inside = found.valid;
    }
    if (inside)
      valid = r.both(valid, Tri{inside, inside});
    return context.uniform(value);
  }
  SmallVector<Range> ranges;
  for (Value index : indices) {
    TwinValue known = get(index);
    if (known.kind != TwinValue::Integer) {
      valid = r.both(valid, r.unknown());
      return {};
    }
    ranges.push_back(range(known));
  }
  if (batch)
    ranges[0] = {batch, batch, 0, kMaxCoordinate}, ranges[1] = {head, head, 0, kMaxCoordinate};
  if (isa<FloatType>(type)) { // its value is unknown; whether it is read inside the table still counts
    valid = r.both(valid, r.unknown());
    return {};
  }
  TableRange found =
      segment ? emitSegmentRange(r, table, ranges[0]) : emitLookupRange(r, table, ranges, lookup.getMonotone());
  valid = r.both(valid, found.valid);
  return context.integer(found.value);
}

TwinValue RegionTwin::visitContains(attn::ContainsOp op) {
  TwinValue row = get(op.getRow()), low = get(op.getLow()), high = get(op.getHigh());
  bool known = exact.contains(op.getBatch()) && exact.contains(op.getHead());
  for (const TwinValue &x : {row, low, high})
    known &= x.kind == TwinValue::Integer;
  if (!known)
    return context.boolean(r.unknown());
  SetView set = setViewOf(op, exact, context.box.heads);
  return context.boolean(emitContainsRange(r, set, range(row), range(low), range(high), /*isPoint=*/op.getLow() == op.getHigh()));
}

/// LLVM 22 canonicalises index_cast(index_cast(x)) to x even where the inner cast truncates (fixed by llvm-project#189042), for a pair and for its class
/// apart: assume that no uniform value is truncated either.
void RegionTwin::assumeNotTruncated(Operation &cast) {
  TwinValue x = get(cast.getOperand(0));
  if (x.kind != TwinValue::Integer || widthOf(cast.getResult(0).getType()) >= widthOf(cast.getOperand(0).getType()))
    return;
  inWord(x, cast.getResult(0).getType());
  if (isa<arith::IndexCastUIOp>(cast))
    nonNegative(x);
}

/// Computes the value as it is; keeps its linear form where it has one, so that it cancels against others.
TwinValue RegionTwin::visitUniform(Operation &op) {
  if (isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::TruncIOp>(op))
    assumeNotTruncated(op);
  Operation *clone = r.b.clone(op, exact);
  Value result = clone->getResult(0);
  SmallVector<Value> folded;
  if (!op.hasTrait<OpTrait::ConstantLike>() && succeeded(r.b.tryFold(clone, folded)) && !folded.empty()) {
    clone->erase();
    result = folded[0];
  }
  TwinValue known = context.uniform(result);
  if (isa<arith::AddIOp, arith::SubIOp, arith::MulIOp>(op) && widthOf(op.getResult(0).getType()) == 64 && !known.form.isConstant()) {
    TwinValue x = get(op.getOperand(0)), y = get(op.getOperand(1));
    bool isLinear = !isa<arith::MulIOp>(op) || x.form.isConstant() || y.form.isConstant();
    if (TwinValue form = isLinear ? visitInteger(op, {x, y}) : TwinValue(); form.kind == TwinValue::Integer)
      known.form = form.form;
  }
  bound(op, known);
  return known;
}

/// Static bounds of a uniform minimum, maximum, quotient or remainder: what parameters brought into range consist of.
void RegionTwin::bound(Operation &op, TwinValue &known) {
  if (!isa<arith::MinSIOp, arith::MaxSIOp, arith::DivUIOp, arith::RemUIOp>(op) || !op.getResult(0).getType().isIndex() || known.form.isConstant())
    return;
  TwinValue x = get(op.getOperand(0)), y = get(op.getOperand(1));
  Range dividend = range(x), divisor = range(y);
  int64_t min = 0, max = isa<arith::DivUIOp>(op) ? dividend.max : std::min(dividend.max, divisor.max - 1);
  if (isa<arith::MinSIOp>(op))
    min = std::min(dividend.min, divisor.min), max = std::min(dividend.max, divisor.max);
  else if (isa<arith::MaxSIOp>(op))
    min = std::max(dividend.min, divisor.min), max = std::max(dividend.max, divisor.max);
  else if (dividend.min < 0 || divisor.min < 1)
    return;
  known.form = r.uniform(known.exact, min, max);
}

TwinValue RegionTwin::visit(Operation &op) {
  bool isUniform = llvm::all_of(op.getOperands(), [&](Value v) { return isa<ShapedType>(v.getType()) || get(v).exact; });
  if (isa<attn::QueryLengthOp>(op))
    return context.queryLength;
  if (isa<attn::KeyLengthOp>(op))
    return context.keyLength;
  if (auto lookup = dyn_cast<attn::LookupOp>(op))
    return visitTable(op, lookup.getTable(), lookup.getIndices(), isUniform);
  if (auto segment = dyn_cast<attn::SegmentOp>(op))
    return visitTable(op, segment.getBoundaries(), segment.getPosition(), isUniform);
  if (auto contains = dyn_cast<attn::ContainsOp>(op))
    return visitContains(contains);
  if (isUniform)
    return visitUniform(op);
  SmallVector<TwinValue> operands = llvm::map_to_vector(op.getOperands(), [&](Value v) { return get(v); });
  Type type = op.getResult(0).getType();
  if (auto compare = dyn_cast<arith::CmpIOp>(op))
    return visitCompare(compare.getPredicate(), operands[0], operands[1]);
  if (isa<arith::SelectOp>(op)) {
    TwinValue result = visitSelect(operands[0], operands[1], operands[2]);
    return type.isInteger(1) && result.kind == TwinValue::Unknown ? context.boolean(r.unknown()) : result;
  }
  if (type.isInteger(1))
    return visitBoolean(op, operands);
  if (!isInteger(type))
    return {};
  if (isa<arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp, arith::IndexCastOp, arith::IndexCastUIOp>(op))
    return visitCast(op, operands[0]);
  return inWord(visitInteger(op, operands), type);
}

TwinContext::TwinContext(ImplicitLocOpBuilder &b, const TileBox &box, const IRMapping &captures) : r(b), box(box), captures(captures) {
  auto coordinate = [&](Value value) {
    TwinValue known;
    known.kind = TwinValue::Integer;
    known.exact = value;
    known.form = r.uniform(value, 0, kMaxCoordinate);
    return known;
  };
  batch = coordinate(box.batch);
  head = coordinate(box.head);
  queryLength = coordinate(box.queryLength);
  keyLength = coordinate(box.keyLength);
  Value one = r.constant(1);
  query = integer({box.q0, r.sub(box.q1, one), 0, kMaxCoordinate});
  key = integer({box.k0, r.sub(box.k1, one), 0, kMaxCoordinate});
}

TwinValue TwinContext::uniform(Value exact) {
  TwinValue known;
  known.exact = exact;
  Type type = exact.getType();
  if (type.isInteger(1)) {
    known.kind = TwinValue::Boolean;
    known.truth = {exact, exact};
  } else if (isInteger(type)) {
    known.kind = TwinValue::Integer;
    unsigned width = widthOf(type);
    int64_t half = width == 64 ? 0 : int64_t(1) << (width - 1);
    APInt value;
    if (matchPattern(exact, m_ConstantInt(&value)))
      known.form.constant = value.getSExtValue();
    else
      known.form = r.uniform(toIndex(r.b, exact), width == 64 ? INT64_MIN : -half, width == 64 ? INT64_MAX : half - 1);
  }
  return known;
}

TwinValue TwinContext::integer(const Range &range) {
  TwinValue known;
  known.kind = TwinValue::Integer;
  known.form = r.leaf(range);
  return known;
}

TwinValue TwinContext::boolean(Tri truth) {
  TwinValue known;
  known.kind = TwinValue::Boolean;
  known.truth = truth;
  return known;
}

RegionRange emitRegionTwin(TwinContext &context, Region &region, ArrayRef<TwinValue> arguments) {
  return RegionTwin(context).run(region, arguments);
}

} // namespace lacuna
