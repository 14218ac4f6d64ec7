// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/ScalarRegion.h"

#include "lib/Analysis/BlockMasks.h"
#include "lib/Analysis/PositionDivision.h"
#include "lib/Analysis/SetMembership.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace lacuna {
namespace {

Value constant(ImplicitLocOpBuilder &b, int64_t value) { return arith::ConstantIndexOp::create(b, value); }

Value compare(ImplicitLocOpBuilder &b, arith::CmpIPredicate predicate, Value x, Value y) {
  return b.createOrFold<arith::CmpIOp>(predicate, x, y);
}

Value both(ImplicitLocOpBuilder &b, Value x, Value y) {
  if (!x || !y)
    return x ? x : y;
  return b.createOrFold<arith::AndIOp>(x, y);
}

/// Integer of any width to index, i1 as 0 or 1.
Value toIndex(ImplicitLocOpBuilder &b, Value x) {
  if (x.getType().isIndex())
    return x;
  Type index = b.getIndexType();
  return x.getType().isInteger(1) ? arith::IndexCastUIOp::create(b, index, x).getResult() : arith::IndexCastOp::create(b, index, x).getResult();
}

/// `then()` where `condition`, else zero. A branch, so that the read does not happen when it is out of range.
Value guarded(ImplicitLocOpBuilder &b, Value condition, Type type, function_ref<Value(ImplicitLocOpBuilder &)> then) {
  auto branch = scf::IfOp::create(b, TypeRange{type}, condition, /*withElseRegion=*/true);
  ImplicitLocOpBuilder inThen(b.getLoc(), branch.getThenBodyBuilder()), inElse(b.getLoc(), branch.getElseBodyBuilder());
  scf::YieldOp::create(inThen, then(inThen));
  scf::YieldOp::create(inElse, arith::ConstantOp::create(inElse, inElse.getZeroAttr(type)).getResult());
  return branch.getResult(0);
}

/// The regions of all atoms reachable from `mask`, then `extra`.
SmallVector<Region *> atomRegions(Value mask, Region *extra) {
  SmallVector<Region *> regions;
  SetVector<Operation *> seen;
  SmallVector<Value> worklist;
  if (mask)
    worklist.push_back(mask);
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val().getDefiningOp();
    if (!op || !seen.insert(op))
      continue;
    for (Region &region : op->getRegions())
      regions.push_back(&region);
    llvm::append_range(worklist, op->getOperands());
  }
  if (extra && !extra->empty())
    regions.push_back(extra);
  return regions;
}

void forEachCapture(Value mask, Region *extra, function_ref<void(Value)> callback) {
  SetVector<Value> captured;
  for (Region *region : atomRegions(mask, extra))
    getUsedValuesDefinedAbove(*region, captured);
  llvm::for_each(captured, callback);
}

/// Constant tables are captured like any other: a kernel has them in memory.
bool isScalarConstant(Value value) {
  return !isa<ShapedType>(value.getType()) && value.getDefiningOp() && value.getDefiningOp()->hasTrait<OpTrait::ConstantLike>();
}

} // namespace

SegmentResult emitSegment(OpBuilder &builder, Location loc, Value boundaries, Value x) {
  ImplicitLocOpBuilder b(loc, builder);
  Value zero = constant(b, 0), one = constant(b, 1), two = constant(b, 2);
  Value entries = memref::DimOp::create(b, boundaries, zero);
  Value count = arith::SubIOp::create(b, entries, one); // -1 for an empty table: nothing is read
  auto read = [&](ImplicitLocOpBuilder &at, Value i) { return toIndex(at, memref::LoadOp::create(at, boundaries, i)); };
  // Binary search for the last start <= x: [low, high) shrinks, mid + 1 <= count stays inside the table.
  auto loop = scf::WhileOp::create(
      b, TypeRange{b.getIndexType(), b.getIndexType()}, ValueRange{zero, count},
      [&](OpBuilder &inner, Location, ValueRange args) {
        ImplicitLocOpBuilder at(loc, inner);
        scf::ConditionOp::create(at, compare(at, arith::CmpIPredicate::slt, args[0], args[1]), args);
      },
      [&](OpBuilder &inner, Location, ValueRange args) {
        ImplicitLocOpBuilder at(loc, inner);
        Value mid = arith::DivUIOp::create(at, arith::AddIOp::create(at, args[0], args[1]), two);
        Value next = arith::AddIOp::create(at, mid, one);
        Value right = compare(at, arith::CmpIPredicate::sle, read(at, next), x);
        Value low = arith::SelectOp::create(at, right, next, args[0]), high = arith::SelectOp::create(at, right, args[1], mid);
        scf::YieldOp::create(at, ValueRange{low, high});
      });
  Value segment = loop.getResult(0);
  Value inside = compare(b, arith::CmpIPredicate::slt, segment, count);
  // Its end lies beyond x: the search has read it there. Its start may be the table's first entry, which no step reads.
  Value valid = guarded(b, inside, b.getI1Type(), [&](ImplicitLocOpBuilder &at) { return compare(at, arith::CmpIPredicate::sle, read(at, segment), x); });
  return {arith::SelectOp::create(b, valid, segment, zero), valid};
}

LookupResult emitLookup(OpBuilder &builder, Location loc, Value table, ValueRange indices, Type type) {
  ImplicitLocOpBuilder b(loc, builder);
  Value valid;
  for (auto [dim, index] : llvm::enumerate(indices)) {
    Value size = memref::DimOp::create(b, table, constant(b, dim));
    // One unsigned comparison is 0 <= index < size.
    valid = both(b, valid, compare(b, arith::CmpIPredicate::ult, index, size));
  }
  auto load = [&](ImplicitLocOpBuilder &at) {
    Value element = memref::LoadOp::create(at, table, indices);
    return type.isIndex() ? toIndex(at, element) : element;
  };
  return {valid ? guarded(b, valid, type, load) : load(b), valid};
}

/// Emits one op of a region; `valid` gathers whether table reads were in range.
static void emitScalarOp(OpBuilder &builder, Operation &op, IRMapping &mapping, const Coordinates &at, Value &valid) {
  ImplicitLocOpBuilder b(op.getLoc(), builder);
  auto mapped = [&](Value v) { return mapping.lookupOrDefault(v); };
  auto isRead = [&](Value value, Value inRange) {
    mapping.map(op.getResult(0), value);
    valid = both(b, valid, inRange);
  };
  if (at.known && !at.known->part.isOfPair(&op))
    return;
  if (Value known = at.known ? at.known->values.lookup(&op) : Value())
    return isRead(known, Value());
  if (auto lookup = dyn_cast<attn::LookupOp>(op)) {
    SmallVector<Value> indices = llvm::map_to_vector(lookup.getIndices(), mapped);
    Value table = mapped(lookup.getTable());
    if (lookup.getGrouped())
      emitGroupIndices(b, table, at.heads, indices[0], indices[1]);
    auto [value, inRange] = emitLookup(b, op.getLoc(), table, indices, lookup.getType());
    return isRead(value, inRange);
  }
  if (auto segment = dyn_cast<attn::SegmentOp>(op)) {
    Value boundaries = mapped(segment.getBoundaries()), position = mapped(segment.getPosition());
    SegmentResult known = at.segments ? at.segments->lookup({boundaries, position}) : SegmentResult();
    if (!known.segment)
      known = emitSegment(b, op.getLoc(), boundaries, position);
    if (at.segments)
      at.segments->try_emplace({boundaries, position}, known);
    return isRead(known.segment, known.valid);
  }
  if (auto contains = dyn_cast<attn::ContainsOp>(op)) {
    SetView set = setViewOf(contains, mapping, at.heads);
    mapping.map(contains.getResult(), emitContains(b, set, mapped(contains.getRow()), {mapped(contains.getLow()), mapped(contains.getHigh())}));
  } else if (isa<attn::QueryLengthOp, attn::KeyLengthOp>(op)) {
    mapping.map(op.getResult(0), isa<attn::QueryLengthOp>(op) ? at.queryLength : at.keyLength);
  } else if (auto comparison = dyn_cast<arith::CmpIOp>(op); comparison && at.ranges && comparison.getLhs().getType().isIndex() &&
             fitsInt32(comparison.getLhs(), *at.ranges) && fitsInt32(comparison.getRhs(), *at.ranges)) {
    auto narrow = [&](Value v) { return b.createOrFold<arith::IndexCastOp>(b.getI32Type(), mapped(v)); };
    mapping.map(op.getResult(0), compare(b, comparison.getPredicate(), narrow(comparison.getLhs()), narrow(comparison.getRhs())));
  } else if (Value quotient = emitCheapDivision(b, op, mapping, at)) {
    mapping.map(op.getResult(0), quotient);
  } else {
    b.clone(op, mapping);
  }
}

ScalarResult emitScalars(OpBuilder &builder, Region &region, ArrayRef<Value> wanted, ValueRange arguments, const Coordinates &at, const IRMapping &captures) {
  IRMapping mapping(captures);
  Block &block = region.front();
  mapping.map(block.getArguments(), arguments);
  llvm::SmallPtrSet<Operation *, 16> needed;
  auto need = [&](Value v) {
    if (Operation *op = v.getDefiningOp(); op && op->getBlock() == &block)
      needed.insert(op);
  };
  llvm::for_each(wanted, need);
  for (Operation &op : llvm::reverse(block))
    if (needed.contains(&op))
      llvm::for_each(op.getOperands(), need);
  ScalarResult result;
  for (Operation &op : block)
    if (needed.contains(&op))
      emitScalarOp(builder, op, mapping, at, result.valid);
  for (Value value : wanted)
    result.values.push_back(mapping.lookupOrDefault(value));
  return result;
}

ScalarResult emitScalarRegion(OpBuilder &builder, Region &region, ValueRange arguments, const Coordinates &at, const IRMapping &captures) {
  IRMapping mapping(captures);
  Block &block = region.front();
  mapping.map(block.getArguments(), arguments);
  ScalarResult result;
  for (Operation &op : block.without_terminator())
    emitScalarOp(builder, op, mapping, at, result.valid);
  for (Value value : block.getTerminator()->getOperands())
    result.values.push_back(mapping.lookupOrDefault(value));
  return result;
}

ScalarResult emitRowPart(OpBuilder &b, Region &region, const RowPart &part, const Coordinates &at, const IRMapping &captures) {
  IRMapping mapping(captures);
  Block &block = region.front();
  mapping.map(block.getArguments().take_front(3), ValueRange{at.batch, at.head, at.query});
  ScalarResult result;
  for (Operation &op : block.without_terminator())
    if (part.isOfRow(&op))
      emitScalarOp(b, op, mapping, at, result.valid);
  for (Operation *op : part.kept())
    result.values.push_back(mapping.lookup(op->getResult(0)));
  return result;
}

SmallVector<Value> collectCaptures(Value mask, Region *region) {
  SmallVector<Value> captures;
  forEachCapture(mask, region, [&](Value value) {
    if (!isScalarConstant(value))
      captures.push_back(value);
  });
  return captures;
}

void cloneCapturedConstants(OpBuilder &b, Value mask, Region *region, IRMapping &captures) {
  forEachCapture(mask, region, [&](Value value) {
    if (isScalarConstant(value) && !captures.contains(value))
      b.clone(*value.getDefiningOp(), captures);
  });
}

Value emitAttends(OpBuilder &builder, Location loc, Value mask, const Coordinates &at, const IRMapping &captures) {
  ImplicitLocOpBuilder b(loc, builder);
  if (!mask)
    return arith::ConstantOp::create(b, b.getBoolAttr(true));
  Operation *op = mask.getDefiningOp();
  auto emit = [&](Region &region, ValueRange arguments) { return emitScalarRegion(b, region, arguments, at, captures); };
  if (auto interval = dyn_cast<attn::IntervalOp>(op)) {
    ScalarResult r = emit(interval.getBounds(), {at.batch, at.head, at.query});
    Value inside = both(b, compare(b, arith::CmpIPredicate::sge, at.key, r.values[0]), compare(b, arith::CmpIPredicate::slt, at.key, r.values[1]));
    return both(b, inside, r.valid);
  }
  if (auto equal = dyn_cast<attn::EqualOp>(op)) {
    ScalarResult f = emit(equal.getQuery(), {at.batch, at.head, at.query}), g = emit(equal.getKey(), {at.batch, at.head, at.key});
    return both(b, compare(b, arith::CmpIPredicate::eq, f.values[0], g.values[0]), both(b, f.valid, g.valid));
  }
  if (auto predicate = dyn_cast<attn::PredicateOp>(op)) {
    Ranges ranges;
    Coordinates here = at;
    here.ranges = &ranges;
    ScalarResult r = emitScalarRegion(b, predicate.getBody(), {at.batch, at.head, at.query, at.key}, here, captures);
    return both(b, r.values[0], r.valid);
  }
  if (isBlockMask(op))
    return emitBlockAttends(b, loc, op, at, captures);
  if (auto negation = dyn_cast<attn::NotOp>(op)) {
    Value yes = arith::ConstantOp::create(b, b.getBoolAttr(true));
    return b.createOrFold<arith::XOrIOp>(emitAttends(b, loc, negation.getOperand(), at, captures), yes);
  }
  Value result;
  for (Value operand : op->getOperands()) { // attn.and, attn.or
    Value value = emitAttends(b, loc, operand, at, captures);
    if (!result)
      result = value;
    else
      result = isa<attn::AndOp>(op) ? b.createOrFold<arith::AndIOp>(result, value) : b.createOrFold<arith::OrIOp>(result, value);
  }
  return result;
}

} // namespace lacuna
