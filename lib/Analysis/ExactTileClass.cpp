// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// In one row, a mask of intervals changes only where one of its intervals begins or ends: it is evaluated there, and nowhere else.
#include "lib/Analysis/IndexArithmetic.h"
#include "lib/Analysis/RowInterval.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

using RowIntervals = llvm::MapVector<Value, KeySpan>; // atom -> its keys in this row

void collectAtoms(Value mask, SmallVectorImpl<attn::IntervalOp> &atoms) {
  if (auto interval = mask.getDefiningOp<attn::IntervalOp>()) {
    if (!llvm::is_contained(atoms, interval))
      atoms.push_back(interval);
    return;
  }
  for (Value operand : mask.getDefiningOp()->getOperands())
    collectAtoms(operand, atoms);
}

Value evaluate(ImplicitLocOpBuilder &b, Value mask, const RowIntervals &row, Value key) {
  Operation *op = mask.getDefiningOp();
  if (isa<attn::IntervalOp>(op)) {
    const KeySpan &interval = row.find(mask)->second;
    return both(b, compare(b, CmpIPredicate::sle, interval.low, key), compare(b, CmpIPredicate::slt, key, interval.high));
  }
  if (auto negation = dyn_cast<attn::NotOp>(op))
    return negate(b, evaluate(b, negation.getOperand(), row, key));
  Value result;
  for (Value operand : op->getOperands()) {
    Value value = evaluate(b, operand, row, key);
    result = !result ? value : isa<attn::AndOp>(op) ? both(b, result, value) : either(b, result, value);
  }
  return result;
}

/// Ends of all intervals in one row; an interval whose tables are read out of range is empty.
RowIntervals emitRow(ImplicitLocOpBuilder &b, ArrayRef<attn::IntervalOp> atoms, const TileBox &box, Value query, const IRMapping &captures) {
  RowIntervals row;
  Coordinates at{box.batch, box.head, query, {}, box.queryLength, box.keyLength, box.heads};
  for (attn::IntervalOp atom : atoms) {
    ScalarResult ends = emitScalarRegion(b, atom.getBounds(), {box.batch, box.head, query}, at, captures);
    Value high = ends.values[1];
    if (ends.valid)
      high = select(b, ends.valid, high, ends.values[0]);
    row[atom.getResult()] = {ends.values[0], high};
  }
  return row;
}

TileClass emitRowClass(ImplicitLocOpBuilder &b, Value mask, const RowIntervals &row, const TileBox &box) {
  Value last = sub(b, box.k1, constant(b, 1));
  // Ends clipped to the box; a clipped one only repeats the first or last key.
  SmallVector<Value> keys{box.k0};
  for (auto &[atom, interval] : row)
    for (Value end : {interval.low, interval.high})
      keys.push_back(min(b, max(b, end, box.k0), last));
  TileClass result;
  for (Value key : keys) {
    Value attends = evaluate(b, mask, row, key);
    result.any = result.any ? either(b, result.any, attends) : attends;
    result.all = result.all ? both(b, result.all, attends) : attends;
  }
  return result;
}

} // namespace

bool isIntervalAlgebra(Value mask) {
  Operation *op = mask.getDefiningOp();
  if (!isa<attn::AndOp, attn::OrOp, attn::NotOp>(op))
    return isa<attn::IntervalOp>(op);
  return llvm::all_of(op->getOperands(), [](Value operand) { return isIntervalAlgebra(operand); });
}

TileClass emitExactTileClass(OpBuilder &builder, Location loc, Value mask, const TileBox &box, const IRMapping &captures) {
  ImplicitLocOpBuilder b(loc, builder);
  SmallVector<attn::IntervalOp> atoms;
  collectAtoms(mask, atoms);
  auto loop = scf::ForOp::create(b, box.q0, box.q1, constant(b, 1), ValueRange{boolean(b, false), boolean(b, true)},
                                 [&](OpBuilder &inner, Location, Value query, ValueRange soFar) {
                                   ImplicitLocOpBuilder at(loc, inner);
                                   RowIntervals row = emitRow(at, atoms, box, query, captures);
                                   TileClass found = emitRowClass(at, mask, row, box);
                                   scf::YieldOp::create(at, ValueRange{either(at, soFar[0], found.any), both(at, soFar[1], found.all)});
                                 });
  return {loop.getResult(0), loop.getResult(1)};
}

} // namespace lacuna
