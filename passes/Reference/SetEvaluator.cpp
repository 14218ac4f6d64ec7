// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every entry of a table is looked at, those of other rows too: nothing is clever, so nothing can be cleverly wrong.
#include "passes/Reference/SetEvaluator.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::attn;
using arith::CmpIPredicate;

namespace {

class SetEvaluator {
public:
  SetEvaluator(ImplicitLocOpBuilder &b, ContainsOp op, const IRMapping &mapping, const Pair &pair) : b(b), pair(pair) {
    auto mapped = [&](Value v) { return mapping.lookupOrDefault(v); };
    tables = llvm::map_to_vector(op.getTables(), mapped);
    batch = mapped(op.getBatch()), head = mapped(op.getHead()), row = mapped(op.getRow()), low = mapped(op.getLow()), high = mapped(op.getHigh());
  }

  Value evaluate(SetFormat format) {
    switch (format) {
    case SetFormat::Csr:
      return csr();
    case SetFormat::List:
      return list();
    case SetFormat::Bitmap:
      return bits(cast<ShapedType>(tables[0].getType()).getElementTypeBitWidth());
    case SetFormat::Table:
      return bits(1);
    case SetFormat::Slices:
      return slices();
    case SetFormat::Runs:
      break;
    }
    llvm_unreachable("attn.contains is not made for runs");
  }

private:
  using Body = llvm::function_ref<Value(Value)>;

  Value number(int64_t v) { return arith::ConstantIndexOp::create(b, v); }
  Value test(CmpIPredicate p, Value x, Value y) { return arith::CmpIOp::create(b, p, x, y); }
  Value both(ValueRange all) {
    Value result = all.front();
    for (Value value : all.drop_front())
      result = arith::AndIOp::create(b, result, value);
    return result;
  }
  Value within(Value first, Value x, Value end) { return both({test(CmpIPredicate::sle, first, x), test(CmpIPredicate::slt, x, end)}); }
  Value between(Value x) { return both({test(CmpIPredicate::sle, low, x), test(CmpIPredicate::sle, x, high)}); }

  Value size(unsigned table, int64_t dim) {
    if (isa<MemRefType>(tables[table].getType()))
      return b.createOrFold<memref::DimOp>(tables[table], dim);
    return b.createOrFold<tensor::DimOp>(tables[table], dim);
  }

  /// The entry of a table, of its own type.
  Value raw(unsigned table, ValueRange at) {
    if (isa<MemRefType>(tables[table].getType()))
      return memref::LoadOp::create(b, tables[table], at);
    return tensor::ExtractOp::create(b, tables[table], at);
  }
  Value entry(unsigned table, ValueRange at) { return arith::IndexCastOp::create(b, b.getIndexType(), raw(table, at)); }

  /// Some i in [0, count) fulfils `body`.
  Value any(Value count, Body body) {
    Value no = arith::ConstantIntOp::create(b, 0, 1);
    auto loop = scf::ForOp::create(b, number(0), count, number(1), ValueRange{no}, [&](OpBuilder &inner, Location loc, Value i, ValueRange found) {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPoint(inner.getInsertionBlock(), inner.getInsertionPoint());
      scf::YieldOp::create(b, arith::OrIOp::create(b, found[0], body(i)).getResult());
    });
    return loop.getResult(0);
  }

  /// `body` where the condition holds (so that it may read), else false.
  Value where(Value condition, llvm::function_ref<Value()> body) {
    auto branch = scf::IfOp::create(b, b.getI1Type(), condition, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    scf::YieldOp::create(b, body());
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, Value(arith::ConstantIntOp::create(b, 0, 1)));
    return branch.getResult(0);
  }

  /// The place of the row in the first three dimensions of `table`, and whether the table has it. `extra`: rows fewer than entries.
  Value hasRow(unsigned table, int64_t extra, SmallVector<Value> &place) {
    auto [ownBatch, ownHead] = sharedRow(b, tables[table], batch, head, pair);
    place = {ownBatch, ownHead, row};
    Value rows = arith::SubIOp::create(b, size(table, 2), number(extra));
    return both({within(number(0), ownBatch, size(table, 0)), within(number(0), ownHead, size(table, 1)), within(number(0), row, rows)});
  }

  Value csr() {
    SmallVector<Value> place;
    Value has = hasRow(0, 1, place);
    return where(has, [&] {
      Value begin = entry(0, place);
      place[2] = arith::AddIOp::create(b, row, number(1));
      Value end = entry(0, place);
      return any(size(1, 0), [&](Value i) { return both({within(begin, i, end), between(entry(1, i))}); });
    });
  }

  Value list() {
    SmallVector<Value> place;
    Value has = hasRow(0, 0, place);
    for (auto [dim, index] : llvm::enumerate(place)) // where the tables disagree, a row that has no count is empty
      has = both({has, within(number(0), index, size(1, dim))});
    return where(has, [&] {
      Value count = entry(1, place);
      return any(size(0, 3), [&](Value i) {
        return both({test(CmpIPredicate::slt, i, count), between(entry(0, {place[0], place[1], place[2], i}))});
      });
    });
  }

  /// Tables of words of `width` columns; a word of one column counts as set when it is not zero.
  Value bits(int64_t width) {
    SmallVector<Value> place;
    Value has = hasRow(0, 0, place);
    return where(has, [&] {
      return any(size(0, 3), [&](Value word) {
        Value content = raw(0, {place[0], place[1], place[2], word});
        Value first = arith::MulIOp::create(b, word, number(width));
        return any(number(width), [&](Value bit) {
          Value isSet;
          if (width == 1) {
            isSet = test(CmpIPredicate::ne, content, arith::ConstantOp::create(b, b.getZeroAttr(content.getType())));
          } else {
            Value shifted = arith::ShRUIOp::create(b, content, arith::IndexCastOp::create(b, content.getType(), bit));
            isSet = arith::TruncIOp::create(b, b.getI1Type(), shifted);
          }
          return both({isSet, between(arith::AddIOp::create(b, first, bit))});
        });
      });
    });
  }

  /// Is there a key k of [low, high] that slice n gives to the row? k must fulfil k0 <= k < k1 and the diagonals of its type.
  Value slices() {
    Value count = arith::MinSIOp::create(b, arith::MinSIOp::create(b, size(0, 0), size(1, 0)), size(2, 0));
    return any(count, [&](Value n) {
      Value q0 = entry(0, {n, number(0)}), q1 = entry(0, {n, number(1)}), k0 = entry(1, {n, number(0)}), k1 = entry(1, {n, number(1)});
      Value type = entry(2, n);
      auto isType = [&](int64_t t) { return test(CmpIPredicate::eq, type, number(t)); };
      auto choose = [&](Value c, Value x, Value y) { return arith::SelectOp::create(b, c, x, y).getResult(); };
      // causal: k <= q + k1 - q1; inverse causal: k >= q + k0 - q0
      Value upper = arith::AddIOp::create(b, row, arith::SubIOp::create(b, k1, q1)), lower = arith::AddIOp::create(b, row, arith::SubIOp::create(b, k0, q0));
      Value causal = arith::OrIOp::create(b, isType(1), isType(3)), inverse = arith::OrIOp::create(b, isType(2), isType(3));
      Value last = choose(causal, arith::MinSIOp::create(b, upper, high), high), first = choose(inverse, arith::MaxSIOp::create(b, lower, low), low);
      first = arith::MaxSIOp::create(b, first, k0);
      last = arith::MinSIOp::create(b, last, arith::SubIOp::create(b, k1, number(1)));
      return both({within(number(0), type, number(4)), within(q0, row, q1), test(CmpIPredicate::sle, first, last)});
    });
  }

  ImplicitLocOpBuilder &b;
  const Pair &pair;
  SmallVector<Value> tables;
  Value batch, head, row, low, high;
};

} // namespace

std::pair<Value, Value> lacuna::sharedRow(ImplicitLocOpBuilder &b, Value table, Value batch, Value head, const Pair &pair) {
  auto size = [&](int64_t dim) -> Value {
    if (isa<MemRefType>(table.getType()))
      return b.createOrFold<memref::DimOp>(table, dim);
    return b.createOrFold<tensor::DimOp>(table, dim);
  };
  Value one = arith::ConstantIndexOp::create(b, 1), zero = arith::ConstantIndexOp::create(b, 0);
  Value shared = arith::CmpIOp::create(b, CmpIPredicate::eq, size(0), one);
  Value own = arith::SelectOp::create(b, shared, zero, batch);
  Value group = arith::DivSIOp::create(b, arith::MulIOp::create(b, head, size(1)), pair.heads);
  return {own, group};
}

Value lacuna::evaluateContains(ImplicitLocOpBuilder &b, ContainsOp op, const IRMapping &mapping, const Pair &pair) {
  return SetEvaluator(b, op, mapping, pair).evaluate(op.getFormat());
}
