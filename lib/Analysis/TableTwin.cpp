// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Run-time tables under the interval twin. Nothing outside a table is read, whatever the range.
#include "lib/Analysis/RegionTwin.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

constexpr int64_t kMaxScan = 256; // entries; beyond, a summary would pay and a scan does not

Value read(RangeBuilder &r, Value table, ValueRange indices) {
  Value element = memref::LoadOp::create(r.b, table, indices);
  if (element.getType().isIndex())
    return element;
  if (element.getType().isInteger(1))
    return arith::IndexCastUIOp::create(r.b, r.b.getIndexType(), element);
  return arith::IndexCastOp::create(r.b, r.b.getIndexType(), element);
}

/// Static bounds of the entries as `index`.
Range elementBounds(Value table) {
  Type element = cast<ShapedType>(table.getType()).getElementType();
  unsigned width = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  if (width == 1)
    return {{}, {}, 0, 1};
  if (width >= 64)
    return {{}, {}, INT64_MIN, INT64_MAX};
  return {{}, {}, -(int64_t(1) << (width - 1)), (int64_t(1) << (width - 1)) - 1};
}

/// Two values computed by `then` where the condition holds, else the two of `otherwise`.
std::pair<Value, Value> branch(RangeBuilder &r, Value condition, function_ref<std::pair<Value, Value>(RangeBuilder &)> then,
                               std::pair<Value, Value> otherwise) {
  Type index = r.b.getIndexType();
  auto op = scf::IfOp::create(r.b, TypeRange{index, index}, condition, /*withElseRegion=*/true);
  ImplicitLocOpBuilder inThen(r.b.getLoc(), op.getThenBodyBuilder()), inElse(r.b.getLoc(), op.getElseBodyBuilder());
  RangeBuilder nested(inThen);
  auto [x, y] = then(nested);
  scf::YieldOp::create(inThen, ValueRange{x, y});
  scf::YieldOp::create(inElse, ValueRange{otherwise.first, otherwise.second});
  return {op.getResult(0), op.getResult(1)};
}

/// Least and greatest entry of the box of (valid, inclusive) indices.
std::pair<Value, Value> scan(RangeBuilder &r, Value table, ArrayRef<Range> indices, SmallVectorImpl<Value> &at, Value least, Value greatest) {
  if (at.size() == indices.size()) {
    Value entry = read(r, table, at);
    return {r.smin(least, entry), r.smax(greatest, entry)};
  }
  const Range &index = indices[at.size()];
  if (index.isUniform()) {
    at.push_back(index.lo);
    auto result = scan(r, table, indices, at, least, greatest);
    at.pop_back();
    return result;
  }
  Value end = r.add(index.hi, r.constant(1));
  auto loop = scf::ForOp::create(r.b, index.lo, end, r.constant(1), ValueRange{least, greatest},
                                 [&](OpBuilder &inner, Location loc, Value i, ValueRange state) {
                                   ImplicitLocOpBuilder b(loc, inner);
                                   RangeBuilder nested(b);
                                   at.push_back(i);
                                   auto [x, y] = scan(nested, table, indices, at, state[0], state[1]);
                                   at.pop_back();
                                   scf::YieldOp::create(b, ValueRange{x, y});
                                 });
  return {loop.getResult(0), loop.getResult(1)};
}

} // namespace

TableRange emitLookupRange(RangeBuilder &r, Value table, ArrayRef<Range> indices, bool monotone) {
  Value zero = r.constant(0), one = r.constant(1), most = r.constant(kMaxScan);
  Tri valid{r.boolean(true), r.boolean(true)};
  SmallVector<Range> inside;
  Value count = one;
  for (auto [dim, index] : llvm::enumerate(indices)) {
    Value last = r.sub(r.b.createOrFold<memref::DimOp>(table, static_cast<int64_t>(dim)), one);
    Range kept{r.smax(index.lo, zero), {}, 0, INT64_MAX};
    kept.hi = index.isUniform() ? kept.lo : r.smin(index.hi, last);
    // Where `some` holds, both ends lie inside the table, even if a failed assumption has put them in the wrong order.
    Value some = r.both(r.compare(CmpIPredicate::sge, index.hi, zero), r.compare(CmpIPredicate::sle, index.lo, last));
    some = r.both(some, r.compare(CmpIPredicate::sge, last, zero));
    Value every = r.both(r.compare(CmpIPredicate::sge, index.lo, zero), r.compare(CmpIPredicate::sle, index.hi, last));
    valid = r.both(valid, Tri{some, every});
    if (!index.isUniform()) {
      // A width beyond the limit counts as the limit + 1, so that the product cannot wrap.
      Value width = r.smin(r.add(r.sub(kept.hi, kept.lo), one), r.add(most, one));
      count = r.smin(r.mul(count, width), r.add(most, one));
    }
    inside.push_back(kept);
  }
  Range bounds = elementBounds(table);
  if (monotone) {
    auto [lo, hi] = branch(
        r, valid.any,
        [&](RangeBuilder &at) {
          Value first = read(at, table, inside[0].lo);
          return std::pair(first, inside[0].isUniform() ? first : read(at, table, inside[0].hi));
        },
        {zero, zero});
    return {{lo, hi, std::min<int64_t>(bounds.min, 0), std::max<int64_t>(bounds.max, 0)}, valid};
  }
  Value few = r.compare(CmpIPredicate::sle, count, most);
  Value lowest = r.constant(bounds.min), highest = r.constant(bounds.max);
  auto [lo, hi] = branch(
      r, r.both(valid.any, few),
      [&](RangeBuilder &at) {
        SmallVector<Value> position;
        return scan(at, table, inside, position, highest, lowest);
      },
      {lowest, highest});
  return {{lo, hi, bounds.min, bounds.max}, valid};
}

TableRange emitSegmentRange(RangeBuilder &r, Value boundaries, const Range &position) {
  Value zero = r.constant(0), one = r.constant(1);
  Value entries = r.b.createOrFold<memref::DimOp>(boundaries, int64_t(0));
  Value hasEntries = r.compare(CmpIPredicate::sgt, entries, zero);
  // [begin, end) is covered by segments; an empty table covers nothing.
  auto [begin, end] = branch(
      r, hasEntries,
      [&](RangeBuilder &at) { return std::pair(read(at, boundaries, at.constant(0)), read(at, boundaries, at.sub(entries, at.constant(1)))); },
      {zero, zero});
  Value last = r.sub(end, one);
  Tri valid{r.both(r.compare(CmpIPredicate::slt, position.lo, end), r.compare(CmpIPredicate::sge, position.hi, begin)),
            r.both(r.compare(CmpIPredicate::slt, position.hi, end), r.compare(CmpIPredicate::sge, position.lo, begin))};
  valid.any = r.both(valid.any, r.compare(CmpIPredicate::slt, begin, end));
  Location loc = r.b.getLoc();
  Value first = emitSegment(r.b, loc, boundaries, r.smax(position.lo, begin)).segment;
  Value final = emitSegment(r.b, loc, boundaries, r.smin(position.hi, last)).segment;
  return {{first, final, 0, INT32_MAX}, valid};
}

} // namespace lacuna
