// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/SetMembership.h"

#include "lib/Analysis/IndexArithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

/// Beyond these a tile is not asked in detail: it counts as partial. Columns of a bitmap or table are cheap to ask.
constexpr int64_t kMaxRows = 256, kMaxColumns = 16, kMaxTableColumns = 1024;

/// Rows of fewer entries are scanned, in whole vectors, faster than they are searched.
constexpr int64_t kFewestSearched = 1024;

Value dim(ImplicitLocOpBuilder &b, Value table, int64_t i) { return b.createOrFold<memref::DimOp>(table, i); }

/// `then` where the condition holds, else false.
Value guarded(ImplicitLocOpBuilder &b, Value condition, function_ref<Value(ImplicitLocOpBuilder &)> then) {
  auto branch = scf::IfOp::create(b, TypeRange{b.getI1Type()}, condition, /*withElseRegion=*/true);
  ImplicitLocOpBuilder inThen(b.getLoc(), branch.getThenBodyBuilder()), inElse(b.getLoc(), branch.getElseBodyBuilder());
  scf::YieldOp::create(inThen, then(inThen));
  scf::YieldOp::create(inElse, boolean(inElse, false));
  return branch.getResult(0);
}

/// Does `body` hold for some i in [begin, end)?
Value some(ImplicitLocOpBuilder &b, Value begin, Value end, function_ref<Value(ImplicitLocOpBuilder &, Value)> body) {
  auto loop = scf::ForOp::create(b, begin, end, constant(b, 1), ValueRange{boolean(b, false)},
                                 [&](OpBuilder &inner, Location loc, Value i, ValueRange found) {
                                   ImplicitLocOpBuilder at(loc, inner);
                                   scf::YieldOp::create(at, either(at, found[0], body(at, i)));
                                 });
  return loop.getResult(0);
}

Value between(ImplicitLocOpBuilder &b, Value x, Value low, Value high) {
  return both(b, compare(b, CmpIPredicate::sge, x, low), compare(b, CmpIPredicate::sle, x, high));
}

/// Columns [low, high] of a table of `count` columns: is `isSet` true for one?
Value someColumn(ImplicitLocOpBuilder &b, Value low, Value high, Value count, function_ref<Value(ImplicitLocOpBuilder &, Value)> isSet) {
  if (low == high)
    return guarded(b, compare(b, CmpIPredicate::ult, low, count), [&](ImplicitLocOpBuilder &at) { return isSet(at, low); });
  Value end = add(b, min(b, high, sub(b, count, constant(b, 1))), constant(b, 1));
  return some(b, max(b, low, constant(b, 0)), end, isSet);
}

using State = SmallVector<Value>;

State fold(ImplicitLocOpBuilder &b, Value begin, Value end, ValueRange initial, function_ref<State(ImplicitLocOpBuilder &, Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(b, begin, end, constant(b, 1), initial, [&](OpBuilder &inner, Location loc, Value i, ValueRange state) {
    ImplicitLocOpBuilder at(loc, inner);
    scf::YieldOp::create(at, body(at, i, state));
  });
  return loop.getResults();
}

/// The numbers of the entries of [first, last] in a list that ascends: two binary searches in step.
std::pair<Value, Value> search(ImplicitLocOpBuilder &b, const ListRow &list, Value first, Value last) {
  Value zero = constant(b, 0), one = constant(b, 1), two = constant(b, 2), count = max(b, sub(b, list.end, list.begin), zero);
  // What is searched lies in [state, state + count]: an entry of the window decides whether it moves on by half.
  auto isOpen = [&](OpBuilder &inner, Location loc, ValueRange state) {
    ImplicitLocOpBuilder at(loc, inner);
    scf::ConditionOp::create(at, compare(at, CmpIPredicate::sgt, state[2], zero), state);
  };
  auto halve = [&](OpBuilder &inner, Location loc, ValueRange state) {
    ImplicitLocOpBuilder at(loc, inner);
    Value half = arith::DivUIOp::create(at, add(at, state[2], one), two);
    auto moved = [&](Value from, CmpIPredicate isBefore, Value bound) {
      Value next = add(at, from, half), entry = list.read(at, sub(at, next, one));
      return arith::SelectOp::create(at, compare(at, isBefore, entry, bound), next, from).getResult();
    };
    scf::YieldOp::create(at, ValueRange{moved(state[0], CmpIPredicate::slt, first), moved(state[1], CmpIPredicate::sle, last), sub(at, state[2], half)});
  };
  Type index = b.getIndexType();
  auto loop = scf::WhileOp::create(b, TypeRange{index, index, index}, ValueRange{list.begin, list.begin, count}, isOpen, halve);
  return {loop.getResult(0), loop.getResult(1)};
}

State foldList(ImplicitLocOpBuilder &b, const SetView &set, Value row, const EntryRange &wanted, ValueRange initial, EntryBody body) {
  ListRow list(b, set, row);
  Value begin = list.begin, end = list.end;
  if (wanted.isSorted) {
    auto branch = scf::IfOp::create(b, TypeRange{b.getIndexType(), b.getIndexType()}, wanted.isSorted, /*withElseRegion=*/true);
    ImplicitLocOpBuilder inThen(b.getLoc(), branch.getThenBodyBuilder()), inElse(b.getLoc(), branch.getElseBodyBuilder());
    auto [from, to] = search(inThen, list, wanted.first, wanted.last);
    scf::YieldOp::create(inThen, ValueRange{from, to});
    scf::YieldOp::create(inElse, ValueRange{begin, end});
    begin = branch.getResult(0), end = branch.getResult(1);
  }
  return fold(b, begin, end, initial, [&](ImplicitLocOpBuilder &at, Value i, ValueRange state) { return body(at, list.read(at, i), state); });
}

State foldColumns(ImplicitLocOpBuilder &b, const SetView &set, Value row, const EntryRange &wanted, ValueRange initial, EntryBody body) {
  ColumnRow columns(b, set, row);
  Value one = constant(b, 1), begin = max(b, wanted.first, constant(b, 0)), end = add(b, min(b, wanted.last, sub(b, columns.count, one)), one);
  end = arith::SelectOp::create(b, columns.exists, end, begin);
  return fold(b, begin, end, initial, [&](ImplicitLocOpBuilder &at, Value column, ValueRange state) {
    Value isSet = columns.isSet(at, column);
    State next = body(at, column, state);
    for (auto [value, before] : llvm::zip(next, state))
      value = arith::SelectOp::create(at, isSet, value, before);
    return next;
  });
}

Value listContains(ImplicitLocOpBuilder &b, const SetView &set, Value row, const EntryRange &wanted) {
  Value no = boolean(b, false);
  return foldList(b, set, row, wanted, no, [&](ImplicitLocOpBuilder &at, Value entry, ValueRange found) -> State {
    return {either(at, found[0], between(at, entry, wanted.first, wanted.last))};
  })[0];
}

Value columnsContain(ImplicitLocOpBuilder &b, const SetView &set, Value row, Value low, Value high) {
  ColumnRow columns(b, set, row);
  auto isSet = [&](ImplicitLocOpBuilder &at, Value column) { return columns.isSet(at, column); };
  if (set.inBounds) // no branch: neighbouring pairs read neighbouring columns
    return both(b, columns.exists, low == high ? isSet(b, low) : some(b, low, add(b, high, constant(b, 1)), isSet));
  return guarded(b, columns.exists, [&](ImplicitLocOpBuilder &at) { return someColumn(at, low, high, columns.count, isSet); });
}

enum class Wanted { Meets, Covers };

/// Is there a slice that has, in row q, some key of [low, high] (all of them)? Slice n cut to the row: keys [k0, k1), from the diagonal through (q0, k0) on
/// for types 2 and 3, up to the one through (q1 - 1, k1 - 1) for 1 and 3.
Value slicesContain(ImplicitLocOpBuilder &b, const SetView &set, Value row, Value low, Value high, Wanted wanted = Wanted::Meets) {
  Value queries = set.tables[0], keys = set.tables[1], types = set.tables[2];
  Value count = min(b, min(b, dim(b, queries, 0), dim(b, keys, 0)), dim(b, types, 0));
  return some(b, constant(b, 0), count, [&](ImplicitLocOpBuilder &at, Value n) {
    Value zero = constant(at, 0), one = constant(at, 1), two = constant(at, 2);
    auto read = [&](Value table, ValueRange place) { return loadIndex(at, table, place); };
    Value q0 = read(queries, {n, zero}), q1 = read(queries, {n, one}), k0 = read(keys, {n, zero}), k1 = read(keys, {n, one}), type = read(types, n);
    auto has = [&](Value bit) { return compare(at, CmpIPredicate::ne, arith::AndIOp::create(at, type, bit), zero); };
    Value first = select(at, has(two), add(at, k0, sub(at, row, q0)), k0);
    Value last = sub(at, k1, one);
    last = select(at, has(one), sub(at, last, sub(at, sub(at, q1, one), row)), last);
    Value holds = wanted == Wanted::Meets ? compare(at, CmpIPredicate::sle, max(at, first, low), min(at, last, high))
                                          : both(at, compare(at, CmpIPredicate::sle, first, low), compare(at, CmpIPredicate::sle, high, last));
    Value known = compare(at, CmpIPredicate::ult, type, constant(at, 4));
    Value rowInside = both(at, compare(at, CmpIPredicate::sle, q0, row), compare(at, CmpIPredicate::slt, row, q1));
    return both(at, both(at, holds, known), rowInside);
  });
}

/// The answer of one row for all pairs of ends. Points are asked for column by column if there are few (`narrow`), or of one slice that has them all;
/// of ranges an entry must lie in all.
Tri containsInRow(ImplicitLocOpBuilder &b, const SetView &set, Value row, const Range &low, const Range &high, bool isPoint, Value narrow) {
  if (isPoint && low.isUniform()) {
    Value holds = emitContains(b, set, row, {low.lo, low.lo});
    return {holds, holds};
  }
  Value any = emitContains(b, set, row, {low.lo, high.hi});
  Value all = guarded(b, both(b, any, narrow), [&](ImplicitLocOpBuilder &at) -> Value {
    if (!isPoint)
      return emitContains(at, set, row, {low.hi, high.lo});
    Value missing = some(at, low.lo, add(at, low.hi, constant(at, 1)), [&](ImplicitLocOpBuilder &in, Value column) {
      return negate(in, emitContains(in, set, row, {column, column}));
    });
    return negate(at, missing);
  });
  if (isPoint && set.format == attn::SetFormat::Slices)
    all = either(b, all, slicesContain(b, set, row, low.lo, low.hi, Wanted::Covers));
  return {any, all};
}

} // namespace

SmallVector<Value> foldEntries(ImplicitLocOpBuilder &b, const SetView &set, Value row, const EntryRange &wanted, ValueRange initial, EntryBody body) {
  return ListRow::hasFormat(set.format) ? foldList(b, set, row, wanted, initial, body) : foldColumns(b, set, row, wanted, initial, body);
}

Value emitIsSorted(ImplicitLocOpBuilder &b, const SetView &set, Value row) {
  ListRow list(b, set, row);
  Value one = constant(b, 1), isLong = compare(b, CmpIPredicate::sge, sub(b, list.end, list.begin), constant(b, kFewestSearched));
  Value end = arith::SelectOp::create(b, isLong, sub(b, list.end, one), list.begin);
  return fold(b, list.begin, end, isLong, [&](ImplicitLocOpBuilder &at, Value i, ValueRange sorted) -> State {
    return {both(at, sorted[0], compare(at, CmpIPredicate::sle, list.read(at, i), list.read(at, add(at, i, one))))};
  })[0];
}

Value emitContains(ImplicitLocOpBuilder &b, const SetView &set, Value row, const EntryRange &wanted) {
  switch (set.format) {
  case attn::SetFormat::Csr:
  case attn::SetFormat::List:
    return listContains(b, set, row, wanted);
  case attn::SetFormat::Bitmap:
  case attn::SetFormat::Table:
    return columnsContain(b, set, row, wanted.first, wanted.last);
  case attn::SetFormat::Slices:
    return slicesContain(b, set, row, wanted.first, wanted.last);
  case attn::SetFormat::Runs:
    break; // the verifier of attn.contains refuses it
  }
  llvm_unreachable("a format without rows");
}

Tri emitContainsRange(RangeBuilder &r, SetView set, const Range &row, const Range &low, const Range &high, bool isPoint) {
  ImplicitLocOpBuilder &b = r.b;
  set.inBounds = false; // ends of ranges may be wider than the values that are in bounds
  Value one = constant(b, 1), yes = boolean(b, true), no = boolean(b, false);
  // Positions are below 2^31 (docs/semantics.md), but a mapped one may be anything: differences are compared unsigned, so a wrapped one counts as wide.
  auto countable = [&](const Range &x, int64_t most) { // `most` values or fewer, and the one after the last is a number
    return both(b, compare(b, CmpIPredicate::ult, r.sub(x.hi, x.lo), constant(b, most)), compare(b, CmpIPredicate::slt, x.hi, constant(b, r.limit)));
  };
  Value few = countable(row, kMaxRows);
  bool isCheap = ColumnRow::hasFormat(set.format), onePoint = isPoint && low.isUniform();
  Value narrow = isPoint && !onePoint ? countable(low, isCheap ? kMaxTableColumns : kMaxColumns) : yes;
  auto branch = scf::IfOp::create(b, TypeRange{b.getI1Type(), b.getI1Type()}, few, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, ValueRange{yes, no});
  b.setInsertionPointToStart(branch.thenBlock());
  // Rows are asked until one of them has made the answer partial.
  auto isOpen = [&](OpBuilder &inner, Location loc, ValueRange state) {
    ImplicitLocOpBuilder at(loc, inner);
    Value more = compare(at, CmpIPredicate::sle, state[0], row.hi), undecided = either(at, state[2], negate(at, state[1]));
    scf::ConditionOp::create(at, both(at, more, undecided), state);
  };
  auto ask = [&](OpBuilder &inner, Location loc, ValueRange state) {
    ImplicitLocOpBuilder at(loc, inner);
    Tri here = containsInRow(at, set, state[0], low, high, isPoint, narrow);
    scf::YieldOp::create(at, ValueRange{add(at, state[0], one), either(at, state[1], here.any), both(at, state[2], here.all)});
  };
  auto loop = scf::WhileOp::create(b, TypeRange{b.getIndexType(), b.getI1Type(), b.getI1Type()}, ValueRange{row.lo, no, yes}, isOpen, ask);
  scf::YieldOp::create(b, loop.getResults().drop_front());
  return {branch.getResult(0), branch.getResult(1)};
}

} // namespace lacuna
