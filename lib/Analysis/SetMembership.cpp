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

Value dim(ImplicitLocOpBuilder &b, Value table, int64_t i) { return b.createOrFold<memref::DimOp>(table, i); }

Value load(ImplicitLocOpBuilder &b, Value table, ValueRange at) {
  Value element = memref::LoadOp::create(b, table, at);
  return arith::IndexCastOp::create(b, b.getIndexType(), element);
}

/// 0 <= x < size.
Value inside(ImplicitLocOpBuilder &b, Value x, Value size) { return compare(b, CmpIPredicate::ult, x, size); }

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
    return guarded(b, inside(b, low, count), [&](ImplicitLocOpBuilder &at) { return isSet(at, low); });
  Value end = add(b, min(b, high, b.createOrFold<arith::SubIOp>(count, constant(b, 1))), constant(b, 1));
  return some(b, max(b, low, constant(b, 0)), end, isSet);
}

/// Whether batch entry, head and row are inside the first three dimensions of a table; batch entry and head become those of the table.
Value hasRow(ImplicitLocOpBuilder &b, const SetView &set, Value row, Value rows, Value &batch, Value &head) {
  Value table = set.tables[0];
  batch = set.batch, head = set.head;
  emitGroupIndices(b, table, set.heads, batch, head);
  return both(b, both(b, inside(b, batch, dim(b, table, 0)), inside(b, head, dim(b, table, 1))), inside(b, row, rows));
}

/// One row of a table; `read` is emitted where it is inside.
Value withRow(ImplicitLocOpBuilder &b, const SetView &set, Value row, Value rows,
              function_ref<Value(ImplicitLocOpBuilder &, Value batch, Value head)> read) {
  Value batch, head, valid = hasRow(b, set, row, rows, batch, head);
  return guarded(b, valid, [&](ImplicitLocOpBuilder &at) { return read(at, batch, head); });
}

using State = SmallVector<Value>;

/// `then` where the condition holds, else `otherwise`.
State guarded(ImplicitLocOpBuilder &b, Value condition, ValueRange otherwise, function_ref<State(ImplicitLocOpBuilder &)> then) {
  auto branch = scf::IfOp::create(b, otherwise.getTypes(), condition, /*withElseRegion=*/true);
  ImplicitLocOpBuilder inThen(b.getLoc(), branch.getThenBodyBuilder()), inElse(b.getLoc(), branch.getElseBodyBuilder());
  scf::YieldOp::create(inThen, then(inThen));
  scf::YieldOp::create(inElse, otherwise);
  return branch.getResults();
}

State fold(ImplicitLocOpBuilder &b, Value begin, Value end, ValueRange initial, function_ref<State(ImplicitLocOpBuilder &, Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(b, begin, end, constant(b, 1), initial, [&](OpBuilder &inner, Location loc, Value i, ValueRange state) {
    ImplicitLocOpBuilder at(loc, inner);
    scf::YieldOp::create(at, body(at, i, state));
  });
  return loop.getResults();
}

State foldCsr(ImplicitLocOpBuilder &b, const SetView &set, Value row, ValueRange initial, EntryBody body) {
  Value indptr = set.tables[0], indices = set.tables[1], one = constant(b, 1), batch, head;
  Value rows = max(b, b.createOrFold<arith::SubIOp>(dim(b, indptr, 2), one), constant(b, 0)), valid = hasRow(b, set, row, rows, batch, head);
  return guarded(b, valid, initial, [&](ImplicitLocOpBuilder &at) {
    Value begin = max(at, load(at, indptr, {batch, head, row}), constant(at, 0));
    Value end = min(at, load(at, indptr, {batch, head, add(at, row, one)}), dim(at, indices, 0));
    return fold(at, begin, end, initial, [&](ImplicitLocOpBuilder &in, Value i, ValueRange state) { return body(in, load(in, indices, i), state); });
  });
}

State foldList(ImplicitLocOpBuilder &b, const SetView &set, Value row, ValueRange initial, EntryBody body) {
  Value indices = set.tables[0], counts = set.tables[1], batch, head;
  // The verifier cannot see that run-time shapes agree: a row must be inside both tables.
  Value rows = min(b, dim(b, indices, 2), dim(b, counts, 2)), valid = hasRow(b, set, row, rows, batch, head);
  return guarded(b, valid, initial, [&](ImplicitLocOpBuilder &at) {
    Value counted = both(at, inside(at, batch, dim(at, counts, 0)), inside(at, head, dim(at, counts, 1)));
    return guarded(at, counted, initial, [&](ImplicitLocOpBuilder &in) {
      Value end = min(in, load(in, counts, {batch, head, row}), dim(in, indices, 3));
      return fold(in, constant(in, 0), end, initial, [&](ImplicitLocOpBuilder &entry, Value i, ValueRange state) {
        return body(entry, load(entry, indices, {batch, head, row, i}), state);
      });
    });
  });
}

Value listContains(ImplicitLocOpBuilder &b, const SetView &set, Value row, Value low, Value high) {
  Value no = boolean(b, false);
  return foldEntries(b, set, row, no, [&](ImplicitLocOpBuilder &at, Value entry, ValueRange found) -> State {
    return {either(at, found[0], between(at, entry, low, high))};
  })[0];
}

Value bitmapContains(ImplicitLocOpBuilder &b, const SetView &set, Value row, Value low, Value high) {
  Value words = set.tables[0];
  Type word = cast<ShapedType>(words.getType()).getElementType();
  int64_t width = word.getIntOrFloatBitWidth();
  Value columns = b.createOrFold<arith::MulIOp>(dim(b, words, 3), constant(b, width));
  return withRow(b, set, row, dim(b, words, 2), [&](ImplicitLocOpBuilder &at, Value batch, Value head) {
    return someColumn(at, low, high, columns, [&](ImplicitLocOpBuilder &in, Value column) {
      Value number = arith::DivUIOp::create(in, column, constant(in, width)), bit = arith::RemUIOp::create(in, column, constant(in, width));
      Value bits = memref::LoadOp::create(in, words, ValueRange{batch, head, row, number});
      Value shifted = arith::ShRUIOp::create(in, bits, arith::IndexCastOp::create(in, word, bit));
      return arith::TruncIOp::create(in, in.getI1Type(), shifted).getResult();
    });
  });
}

/// A table that may be read without a test: batch entry and head alone are made safe, once for all pairs.
Value directContains(ImplicitLocOpBuilder &b, const SetView &set, Value row, Value low, Value high) {
  Value table = set.tables[0], batch = set.batch, head = set.head;
  emitGroupIndices(b, table, set.heads, batch, head);
  Value valid = both(b, inside(b, batch, dim(b, table, 0)), inside(b, head, dim(b, table, 1)));
  auto orZero = [&](Value index) { return arith::SelectOp::create(b, valid, index, constant(b, 0)).getResult(); };
  Value safeBatch = orZero(batch), safeHead = orZero(head);
  auto isSet = [&](ImplicitLocOpBuilder &at, Value column) {
    Value entry = memref::LoadOp::create(at, table, ValueRange{safeBatch, safeHead, row, column});
    return compare(at, CmpIPredicate::ne, entry, arith::ConstantOp::create(at, at.getZeroAttr(entry.getType())));
  };
  return both(b, valid, low == high ? isSet(b, low) : some(b, low, add(b, high, constant(b, 1)), isSet));
}

Value tableContains(ImplicitLocOpBuilder &b, const SetView &set, Value row, Value low, Value high) {
  if (set.inBounds)
    return directContains(b, set, row, low, high);
  Value table = set.tables[0];
  Type element = cast<ShapedType>(table.getType()).getElementType();
  return withRow(b, set, row, dim(b, table, 2), [&](ImplicitLocOpBuilder &at, Value batch, Value head) {
    return someColumn(at, low, high, dim(at, table, 3), [&](ImplicitLocOpBuilder &in, Value column) {
      Value entry = memref::LoadOp::create(in, table, ValueRange{batch, head, row, column});
      return compare(in, CmpIPredicate::ne, entry, arith::ConstantOp::create(in, in.getZeroAttr(element)));
    });
  });
}

enum class Wanted { Meets, Covers };

/// Is there a slice that has, in row q, some key of [low, high] (all of them)? Slice n cut to the row: keys [k0, k1), from the diagonal through (q0, k0) on
/// for types 2 and 3, up to the one through (q1 - 1, k1 - 1) for 1 and 3.
Value slicesContain(ImplicitLocOpBuilder &b, const SetView &set, Value row, Value low, Value high, Wanted wanted = Wanted::Meets) {
  Value queries = set.tables[0], keys = set.tables[1], types = set.tables[2];
  Value count = min(b, min(b, dim(b, queries, 0), dim(b, keys, 0)), dim(b, types, 0));
  return some(b, constant(b, 0), count, [&](ImplicitLocOpBuilder &at, Value n) {
    Value zero = constant(at, 0), one = constant(at, 1), two = constant(at, 2);
    Value q0 = load(at, queries, {n, zero}), q1 = load(at, queries, {n, one}), k0 = load(at, keys, {n, zero}), k1 = load(at, keys, {n, one});
    Value type = load(at, types, n);
    auto has = [&](Value bit) { return compare(at, CmpIPredicate::ne, arith::AndIOp::create(at, type, bit), zero); };
    auto minus = [&](Value x, Value y) { return arith::SubIOp::create(at, x, y).getResult(); };
    Value first = arith::SelectOp::create(at, has(two), add(at, k0, max(at, minus(row, q0), zero)), k0);
    Value last = minus(k1, one);
    last = arith::SelectOp::create(at, has(one), minus(last, max(at, minus(minus(q1, one), row), zero)), last);
    Value holds = wanted == Wanted::Meets ? compare(at, CmpIPredicate::sle, max(at, first, low), min(at, last, high))
                                          : both(at, compare(at, CmpIPredicate::sle, first, low), compare(at, CmpIPredicate::sle, high, last));
    Value known = compare(at, CmpIPredicate::ult, type, constant(at, 4));
    Value rowInside = both(at, compare(at, CmpIPredicate::sle, q0, row), compare(at, CmpIPredicate::slt, row, q1));
    return both(at, both(at, holds, known), rowInside);
  });
}

} // namespace

void emitGroupIndices(ImplicitLocOpBuilder &b, Value table, Value heads, Value &batch, Value &head) {
  Value one = constant(b, 1), batches = dim(b, table, 0), rows = dim(b, table, 1);
  batch = b.createOrFold<arith::SelectOp>(compare(b, CmpIPredicate::eq, batches, one), constant(b, 0), batch);
  head = b.createOrFold<arith::DivUIOp>(b.createOrFold<arith::MulIOp>(head, rows), heads);
}

SetView setViewOf(attn::ContainsOp op, const IRMapping &mapping, Value heads) {
  auto mapped = [&](Value v) { return mapping.lookupOrDefault(v); };
  return {op.getFormat(), llvm::map_to_vector(op.getTables(), mapped), mapped(op.getBatch()), mapped(op.getHead()), heads, op.getInBounds()};
}

SmallVector<Value> foldEntries(ImplicitLocOpBuilder &b, const SetView &set, Value row, ValueRange initial, EntryBody body) {
  return set.format == attn::SetFormat::Csr ? foldCsr(b, set, row, initial, body) : foldList(b, set, row, initial, body);
}

Value emitContains(ImplicitLocOpBuilder &b, const SetView &set, Value row, Value low, Value high) {
  switch (set.format) {
  case attn::SetFormat::Csr:
  case attn::SetFormat::List:
    return listContains(b, set, row, low, high);
  case attn::SetFormat::Bitmap:
    return bitmapContains(b, set, row, low, high);
  case attn::SetFormat::Table:
    return tableContains(b, set, row, low, high);
  case attn::SetFormat::Slices:
    return slicesContain(b, set, row, low, high);
  case attn::SetFormat::Runs:
    break; // the verifier of attn.contains refuses it
  }
  llvm_unreachable("a format without rows");
}

Tri emitContainsRange(RangeBuilder &r, SetView set, const Range &row, const Range &low, const Range &high, bool isPoint) {
  ImplicitLocOpBuilder &b = r.b;
  set.inBounds = false; // ends of ranges may be wider than the values that are in bounds
  bool isCheap = set.format == attn::SetFormat::Table || set.format == attn::SetFormat::Bitmap;
  Value one = constant(b, 1), yes = boolean(b, true), no = boolean(b, false);
  // Positions are below 2^31 (docs/semantics.md), but a mapped one may be anything: differences are compared unsigned, so a wrapped one counts as wide.
  auto countable = [&](const Range &x, int64_t most) { // `most` values or fewer, and the one after the last is a number
    return both(b, compare(b, CmpIPredicate::ult, r.sub(x.hi, x.lo), constant(b, most)), compare(b, CmpIPredicate::slt, x.hi, constant(b, r.limit)));
  };
  Value few = countable(row, kMaxRows);
  bool onePoint = isPoint && low.isUniform();
  Value narrow = onePoint ? yes : isPoint ? countable(low, isCheap ? kMaxTableColumns : kMaxColumns) : no;
  auto branch = scf::IfOp::create(b, TypeRange{b.getI1Type(), b.getI1Type()}, few, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, ValueRange{yes, no});
  b.setInsertionPointToStart(branch.thenBlock());
  auto loop = scf::ForOp::create(b, row.lo, add(b, row.hi, one), one, ValueRange{no, yes}, [&](OpBuilder &inner, Location loc, Value i, ValueRange soFar) {
    ImplicitLocOpBuilder at(loc, inner);
    Tri here;
    if (onePoint) {
      here.any = here.all = emitContains(at, set, i, low.lo, low.lo);
    } else {
      here.any = emitContains(at, set, i, low.lo, high.hi);
      // Points: each column on its own, if they are few, or one slice that has them all. Ranges: an entry that lies in all of them.
      auto eachPoint = [&](ImplicitLocOpBuilder &in) -> Value {
        Value missing = some(in, low.lo, add(in, low.hi, one), [&](ImplicitLocOpBuilder &body, Value column) {
          return arith::XOrIOp::create(body, emitContains(body, set, i, column, column), boolean(body, true)).getResult();
        });
        return arith::XOrIOp::create(in, missing, boolean(in, true));
      };
      if (!isPoint)
        here.all = guarded(at, here.any, [&](ImplicitLocOpBuilder &in) { return emitContains(in, set, i, low.hi, high.lo); });
      else
        here.all = guarded(at, both(at, here.any, narrow), eachPoint);
      if (isPoint && set.format == attn::SetFormat::Slices)
        here.all = either(at, here.all, slicesContain(at, set, i, low.lo, low.hi, Wanted::Covers));
    }
    scf::YieldOp::create(at, ValueRange{either(at, soFar[0], here.any), both(at, soFar[1], here.all)});
  });
  scf::YieldOp::create(b, loop.getResults());
  return {branch.getResult(0), branch.getResult(1)};
}

} // namespace lacuna
