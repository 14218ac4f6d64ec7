// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/SetRows.h"

#include "lib/Analysis/IndexArithmetic.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

Value dim(ImplicitLocOpBuilder &b, Value table, int64_t i) { return b.createOrFold<memref::DimOp>(table, i); }

/// 0 <= x < size.
Value inside(ImplicitLocOpBuilder &b, Value x, Value size) { return compare(b, CmpIPredicate::ult, x, size); }

/// The row's place in the first three dimensions of a set's tables.
SmallVector<Value> placeOf(ImplicitLocOpBuilder &b, const SetView &set, Value row) {
  Value batch = set.batch, head = set.head;
  emitGroupIndices(b, set.tables[0], set.heads, batch, head);
  return {batch, head, row};
}

/// Has a table the batch entry and head of a place?
Value hasHead(ImplicitLocOpBuilder &b, Value table, ArrayRef<Value> place) {
  return both(b, inside(b, place[0], dim(b, table, 0)), inside(b, place[1], dim(b, table, 1)));
}

/// Is a place inside a table of `rows` rows?
Value hasPlace(ImplicitLocOpBuilder &b, Value table, Value rows, ArrayRef<Value> place) {
  return both(b, hasHead(b, table, place), inside(b, place[2], rows));
}

} // namespace

Value loadIndex(ImplicitLocOpBuilder &b, Value table, ValueRange at) {
  Value element = memref::LoadOp::create(b, table, at);
  return arith::IndexCastOp::create(b, b.getIndexType(), element);
}

SetView setViewOf(attn::ContainsOp op, const IRMapping &mapping, Value heads) {
  auto mapped = [&](Value v) { return mapping.lookupOrDefault(v); };
  return {op.getFormat(), llvm::map_to_vector(op.getTables(), mapped), mapped(op.getBatch()), mapped(op.getHead()), heads, op.getInBounds()};
}

void emitGroupIndices(ImplicitLocOpBuilder &b, Value table, Value heads, Value &batch, Value &head) {
  Value one = constant(b, 1), batches = dim(b, table, 0), rows = dim(b, table, 1);
  batch = b.createOrFold<arith::SelectOp>(compare(b, CmpIPredicate::eq, batches, one), constant(b, 0), batch);
  head = b.createOrFold<arith::DivUIOp>(b.createOrFold<arith::MulIOp>(head, rows), heads);
}

ListRow::ListRow(ImplicitLocOpBuilder &b, const SetView &set, Value row) {
  bool isCsr = set.format == attn::SetFormat::Csr;
  Value first = set.tables[0], second = set.tables[1], one = constant(b, 1), exists;
  SmallVector<Value> at = placeOf(b, set, row);
  if (isCsr) { // ends of rows, entries of all rows
    entries = second;
    exists = hasPlace(b, first, max(b, sub(b, dim(b, first, 2), one), constant(b, 0)), at);
  } else { // entries, counts: the verifier cannot see that run-time shapes agree
    entries = first, place = at;
    exists = both(b, hasPlace(b, first, dim(b, first, 2), at), hasPlace(b, second, dim(b, second, 2), at));
  }
  auto branch = scf::IfOp::create(b, TypeRange{b.getIndexType(), b.getIndexType()}, exists, /*withElseRegion=*/true);
  ImplicitLocOpBuilder inThen(b.getLoc(), branch.getThenBodyBuilder()), inElse(b.getLoc(), branch.getElseBodyBuilder());
  Value from = constant(inThen, 0), to = loadIndex(inThen, isCsr ? first : second, at);
  if (isCsr)
    from = max(inThen, to, from), to = loadIndex(inThen, first, {at[0], at[1], add(inThen, row, one)});
  scf::YieldOp::create(inThen, ValueRange{from, min(inThen, to, dim(inThen, entries, isCsr ? 0 : 3))});
  Value none = constant(inElse, 0);
  scf::YieldOp::create(inElse, ValueRange{none, none});
  begin = branch.getResult(0), end = branch.getResult(1);
}

Value ListRow::read(ImplicitLocOpBuilder &b, Value number) const {
  SmallVector<Value> at(place);
  at.push_back(number);
  return loadIndex(b, entries, at);
}

ColumnRow::ColumnRow(ImplicitLocOpBuilder &b, const SetView &set, Value row) : format(set.format), table(set.tables[0]), place(placeOf(b, set, row)) {
  if (set.inBounds) {
    exists = hasHead(b, table, place);
    for (Value &index : MutableArrayRef(place).take_front(2))
      index = select(b, exists, index, constant(b, 0));
    return;
  }
  exists = hasPlace(b, table, dim(b, table, 2), place);
  count = dim(b, table, 3);
  if (format == attn::SetFormat::Bitmap)
    count = b.createOrFold<arith::MulIOp>(count, constant(b, cast<ShapedType>(table.getType()).getElementTypeBitWidth()));
}

Value ColumnRow::isSet(ImplicitLocOpBuilder &b, Value column) const {
  Type element = cast<ShapedType>(table.getType()).getElementType();
  SmallVector<Value> at(place);
  if (format == attn::SetFormat::Table) {
    at.push_back(column);
    return compare(b, CmpIPredicate::ne, memref::LoadOp::create(b, table, at), arith::ConstantOp::create(b, b.getZeroAttr(element)));
  }
  Value width = constant(b, element.getIntOrFloatBitWidth());
  at.push_back(arith::DivUIOp::create(b, column, width));
  Value bit = arith::IndexCastOp::create(b, element, arith::RemUIOp::create(b, column, width));
  return arith::TruncIOp::create(b, b.getI1Type(), arith::ShRUIOp::create(b, memref::LoadOp::create(b, table, at), bit));
}

} // namespace lacuna
