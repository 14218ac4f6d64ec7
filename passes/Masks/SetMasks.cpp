// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Blocks are found by dividing positions by the granule; constants, so the analysis keeps quotients of a tile exact.
#include "passes/Masks/SetMasks.h"

#include "passes/Masks/RowBuilder.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace lacuna::attn;

namespace {

/// What attn.contains needs to know of a set.
struct SetTables {
  SetFormat format;
  SmallVector<Value> tables;
  SmallVector<int64_t, 2> granule{1, 1};
};

/// Null format tables (with an error) where the set is not made by one of the set ops.
FailureOr<SetTables> tablesOf(Operation *user, Value set) {
  Operation *op = set.getDefiningOp();
  if (!op || !isa<CsrSetOp, ListSetOp, BitmapSetOp, TableSetOp, RunsSetOp, SlicesSetOp>(op))
    return user->emitOpError("expects a set that a set op in the same function makes, but got ") << set;
  SetTables result{cast<SetType>(set.getType()).getFormat(), SmallVector<Value>(op->getOperands())};
  if (auto granule = op->getAttrOfType<DenseI64ArrayAttr>("granule"))
    result.granule.assign(granule.asArrayRef().begin(), granule.asArrayRef().end());
  return result;
}

/// The region of an attn.predicate under construction.
struct PairBuilder : ImplicitLocOpBuilder {
  PairBuilder(OpBuilder &b, Location loc) : ImplicitLocOpBuilder(loc, b) {
    predicate = PredicateOp::create(b, loc);
    Type index = getIndexType();
    Block *block = createBlock(&predicate.getBody(), {}, {index, index, index, index}, {loc, loc, loc, loc});
    batch = block->getArgument(0), head = block->getArgument(1), query = block->getArgument(2), key = block->getArgument(3);
  }

  Value constant(int64_t value) { return arith::ConstantIndexOp::create(*this, value); }
  Value add(Value x, Value y) { return arith::AddIOp::create(*this, x, y); }
  Value subtract(Value x, Value y) { return arith::SubIOp::create(*this, x, y); }
  Value blockOf(Value position, int64_t size) {
    return size == 1 ? position : arith::FloorDivSIOp::create(*this, position, constant(size)).getResult();
  }
  Value compare(arith::CmpIPredicate predicate, Value x, Value y) { return arith::CmpIOp::create(*this, predicate, x, y); }

  /// Some block of row `row` holds a position of [low, high].
  Value contains(const SetTables &set, Value row, Value low, Value high) {
    Value first = blockOf(low, set.granule[1]), last = low == high ? first : blockOf(high, set.granule[1]);
    return ContainsOp::create(*this, set.format, set.tables, batch, head, blockOf(row, set.granule[0]), first, last, /*in_bounds=*/false);
  }

  Value finish(Value attends) {
    YieldOp::create(*this, attends);
    return predicate;
  }

  PredicateOp predicate;
  Value batch, head, query, key;
};

/// k <= p, as an interval.
Value causal(OpBuilder &b, Location loc, Align align) {
  RowBuilder row(b, loc);
  Value zero = row.constant(0);
  return row.finish(zero, row.add(row.position(align), row.constant(1)));
}

/// Keys that a diagonal of `set` crosses in the query's row, or in its block of `cover` rows.
Value diagonals(OpBuilder &b, VerticalSlashOp op, const SetTables &set) {
  PairBuilder pair(b, op.getLoc());
  Value shift = pair.constant(0), queries = QueryLengthOp::create(pair);
  if (op.getAlign() == Align::BottomRight)
    shift = pair.subtract(KeyLengthOp::create(pair), queries);
  Value first = pair.query, last = pair.query;
  if (std::optional<uint64_t> cover = op.getCover()) {
    Value size = pair.constant(*cover), one = pair.constant(1);
    first = arith::MulIOp::create(pair, pair.blockOf(pair.query, *cover), size);
    last = pair.subtract(arith::MinSIOp::create(pair, pair.add(first, size), queries), one);
  }
  auto diagonal = [&](Value row) { return pair.subtract(pair.add(row, shift), pair.key); };
  Value low = diagonal(first), high = first == last ? low : diagonal(last);
  return pair.finish(pair.contains(set, pair.constant(0), low, high));
}

} // namespace

Value lacuna::attn::expandSetMask(OpBuilder &b, MemberOp op) {
  FailureOr<SetTables> set = tablesOf(op, op.getSet());
  if (failed(set))
    return {};
  PairBuilder pair(b, op.getLoc());
  IRMapping mapping;
  Block &block = op.getPosition().front();
  mapping.map(block.getArguments(), pair.predicate.getBody().getArguments());
  for (Operation &inner : block.without_terminator())
    pair.clone(inner, mapping);
  Operation *yield = block.getTerminator();
  Value row = mapping.lookupOrDefault(yield->getOperand(0)), column = mapping.lookupOrDefault(yield->getOperand(1));
  return pair.finish(pair.contains(*set, row, column, column));
}

Value lacuna::attn::expandSetMask(OpBuilder &b, BlockSparseOp op) {
  FailureOr<SetTables> set = tablesOf(op, op.getSet());
  if (failed(set))
    return {};
  PairBuilder pair(b, op.getLoc());
  return pair.finish(pair.contains(*set, pair.query, pair.key, pair.key));
}

Value lacuna::attn::expandSetMask(OpBuilder &b, ColumnRunsOp op) {
  auto runs = op.getSet().getDefiningOp<RunsSetOp>();
  if (!runs)
    return op.emitOpError("expects a set that attn.runs_set in the same function makes, but got ") << op.getSet(), Value();
  PairBuilder pair(b, op.getLoc());
  auto at = [&](int64_t column) {
    return LookupOp::create(pair, pair.getIndexType(), runs.getRows(), ValueRange{pair.batch, pair.head, pair.key, pair.constant(column)},
                            /*monotone=*/UnitAttr(), /*grouped=*/pair.getUnitAttr())
        .getResult();
  };
  auto before = [&](Value row) { return pair.compare(arith::CmpIPredicate::slt, pair.query, row); };
  auto from = [&](Value row) { return pair.compare(arith::CmpIPredicate::sge, pair.query, row); };
  auto outside = [&](int64_t first) { return arith::OrIOp::create(pair, before(at(first)), from(at(first + 1))).getResult(); };
  int64_t columns = cast<ShapedType>(runs.getRows().getType()).getDimSize(3);
  if (columns == 1)
    return pair.finish(before(at(0)));
  if (columns == 4)
    return pair.finish(arith::AndIOp::create(pair, outside(0), outside(2)));
  if (!runs.getBoth())
    return pair.finish(outside(0));
  return pair.finish(arith::AndIOp::create(pair, before(at(0)), from(at(1))));
}

Value lacuna::attn::expandSetMask(OpBuilder &b, HashedOp op) {
  auto equal = EqualOp::create(b, op.getLoc());
  ImplicitLocOpBuilder at(op.getLoc(), b);
  Type index = at.getIndexType();
  for (auto [region, table] : {std::pair(&equal.getQuery(), op.getQueryBuckets()), std::pair(&equal.getKey(), op.getKeyBuckets())}) {
    OpBuilder::InsertionGuard guard(at);
    Block *block = at.createBlock(region, {}, {index, index, index}, SmallVector<Location>(3, op.getLoc()));
    Value bucket = LookupOp::create(at, index, table, block->getArguments(), /*monotone=*/UnitAttr(), /*grouped=*/at.getUnitAttr());
    YieldOp::create(at, bucket);
  }
  return equal;
}

Value lacuna::attn::expandSetMask(OpBuilder &b, VerticalSlashOp op) {
  FailureOr<SetTables> verticals = tablesOf(op, op.getVerticals()), slashes = tablesOf(op, op.getSlashes());
  if (failed(verticals) || failed(slashes))
    return {};
  PairBuilder column(b, op.getLoc());
  Value vertical = column.finish(column.contains(*verticals, column.constant(0), column.key, column.key));
  Value slash = diagonals(b, op, *slashes);
  Value listed = OrOp::create(b, op.getLoc(), ValueRange{vertical, slash});
  return AndOp::create(b, op.getLoc(), ValueRange{causal(b, op.getLoc(), op.getAlign()), listed});
}
