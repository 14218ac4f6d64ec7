// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn-tabulate-sets: lists of single keys or diagonals become tables of one byte a position. Entries are found by reading one byte instead of scanning
// the list, and neighbouring pairs read neighbouring bytes. Only sets of one row (decision 0004): a table has O(S) bytes per batch entry and head.
#include "dialects/Attn/Attn.h"
#include "lib/Analysis/IndexArithmetic.h"
#include "passes/Masks/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

namespace lacuna {
#define GEN_PASS_DEF_TABULATESETS
#include "passes/Masks/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;

namespace {

/// queries · Sq + keys · Sk + rest.
struct Linear {
  int64_t queries = 0, keys = 0, rest = 0;

  Linear operator+(const Linear &x) const { return {queries + x.queries, keys + x.keys, rest + x.rest}; }
  Linear operator-(const Linear &x) const { return {queries - x.queries, keys - x.keys, rest - x.rest}; }
  bool operator==(const Linear &x) const { return queries == x.queries && keys == x.keys && rest == x.rest; }
  /// Lengths are not negative, so coefficient by coefficient is below (above) both.
  static Linear below(const Linear &x, const Linear &y) {
    return {std::min(x.queries, y.queries), std::min(x.keys, y.keys), std::min(x.rest, y.rest)};
  }
  static Linear above(const Linear &x, const Linear &y) {
    return {std::max(x.queries, y.queries), std::max(x.keys, y.keys), std::max(x.rest, y.rest)};
  }
};

/// Every value of an expression, for all pairs of all tiles, lies in [low, high].
struct Reach {
  Linear low, high;

  bool operator==(const Reach &x) const { return low == x.low && high == x.high; }
};

/// Beyond these a table is not O(S).
constexpr int64_t kMaxCoefficient = 4, kMaxRest = 1 << 20;

/// The reach of a column of a predicate's region: sums and differences of positions, lengths and constants, and first or last positions of blocks.
/// Tiles reach up to `slack` positions beyond the ends.
std::optional<Reach> reachOf(Value value, Block &region, int64_t slack) {
  APInt number;
  if (matchPattern(value, m_ConstantInt(&number)))
    return number.abs().ule(kMaxRest) ? std::optional(Reach{{0, 0, number.getSExtValue()}, {0, 0, number.getSExtValue()}}) : std::nullopt;
  if (value == region.getArgument(2))
    return Reach{{}, {1, 0, slack}};
  if (value == region.getArgument(3))
    return Reach{{}, {0, 1, slack}};
  Operation *op = value.getDefiningOp();
  if (!op || op->getBlock() != &region)
    return std::nullopt;
  if (isa<attn::QueryLengthOp>(op))
    return Reach{{1, 0, 0}, {1, 0, 0}};
  if (isa<attn::KeyLengthOp>(op))
    return Reach{{0, 1, 0}, {0, 1, 0}};
  if (auto product = dyn_cast<arith::MulIOp>(op)) { // (x floordiv c) * c is at most c - 1 before x
    auto quotient = product.getLhs().getDefiningOp<arith::FloorDivSIOp>();
    APInt size, factor;
    bool isBlockStart = quotient && matchPattern(quotient.getRhs(), m_ConstantInt(&size)) && matchPattern(product.getRhs(), m_ConstantInt(&factor)) &&
                        size == factor && size.isStrictlyPositive() && size.ule(kMaxRest);
    std::optional<Reach> x = isBlockStart ? reachOf(quotient.getLhs(), region, slack) : std::nullopt;
    return x ? std::optional(Reach{x->low - Linear{0, 0, size.getSExtValue() - 1}, x->high}) : std::nullopt;
  }
  if (!isa<arith::AddIOp, arith::SubIOp, arith::MinSIOp, arith::MaxSIOp>(op))
    return std::nullopt;
  std::optional<Reach> x = reachOf(op->getOperand(0), region, slack), y = reachOf(op->getOperand(1), region, slack);
  if (!x || !y)
    return std::nullopt;
  if (isa<arith::AddIOp>(op))
    return Reach{x->low + y->low, x->high + y->high};
  if (isa<arith::SubIOp>(op))
    return Reach{x->low - y->high, x->high - y->low};
  return Reach{Linear::below(x->low, y->low), Linear::above(x->high, y->high)};
}

bool isSmall(const Linear &x) { return x.queries <= kMaxCoefficient && x.keys <= kMaxCoefficient && x.rest <= kMaxRest; }

bool isRowZero(Value row) {
  if (auto quotient = row.getDefiningOp<arith::FloorDivSIOp>())
    return matchPattern(quotient.getLhs(), m_Zero());
  return matchPattern(row, m_Zero());
}

/// The reach of a list of one row that a table can replace.
std::optional<Reach> tabulableReach(attn::ContainsOp op, Block &region, int64_t slack) {
  if ((op.getFormat() != attn::SetFormat::Csr && op.getFormat() != attn::SetFormat::List) || !isRowZero(op.getRow()))
    return std::nullopt;
  std::optional<Reach> low = reachOf(op.getLow(), region, slack), high = reachOf(op.getHigh(), region, slack);
  if (!low || !high)
    return std::nullopt;
  Reach reach{Linear::below(low->low, high->low), Linear::above(low->high, high->high)};
  return isSmall(reach.high - reach.low) ? std::optional(reach) : std::nullopt;
}

Value dim(ImplicitLocOpBuilder &b, Value tensor, int64_t i) { return b.createOrFold<tensor::DimOp>(tensor, i); }

Value extractIndex(ImplicitLocOpBuilder &b, Value tensor, ValueRange at) {
  return arith::IndexCastOp::create(b, b.getIndexType(), tensor::ExtractOp::create(b, tensor, at));
}

/// A loop nest with the table as its carried value.
Value loop(ImplicitLocOpBuilder &b, Value begin, Value end, Value table, function_ref<Value(ImplicitLocOpBuilder &, Value, Value)> body) {
  auto loop = scf::ForOp::create(b, begin, end, constant(b, 1), ValueRange{table}, [&](OpBuilder &inner, Location loc, Value i, ValueRange carried) {
    ImplicitLocOpBuilder at(loc, inner);
    scf::YieldOp::create(at, body(at, i, carried[0]));
  });
  return loop.getResult(0);
}

/// How far the tiles of an attention op may reach beyond the ends of its sequences.
int64_t slackOf(attn::AttentionOp op) { return std::max(op.getScheduleAttr().getTileM(), op.getScheduleAttr().getTileN()); }

/// Fills the tables of one attention op.
class Tabulator {
public:
  explicit Tabulator(attn::AttentionOp op) : op(op), b(op.getLoc(), op) {}

  void run() {
    mapping.map(op.getMask(), clone(op.getMask()));
    op.getMaskMutable().assign(mapping.lookup(op.getMask()));
  }

private:
  /// The mask with its own predicates, in front of the attention: its lengths are known here.
  Value clone(Value mask) {
    if (Value known = mapping.lookupOrNull(mask))
      return known;
    for (Value operand : mask.getDefiningOp()->getOperands())
      if (isa<attn::MaskType>(operand.getType()))
        clone(operand);
    Operation *copy = b.clone(*mask.getDefiningOp(), mapping);
    if (auto predicate = dyn_cast<attn::PredicateOp>(copy))
      for (auto contains : llvm::make_early_inc_range(predicate.getBody().getOps<attn::ContainsOp>()))
        tabulate(contains, predicate.getBody().front());
    return copy->getResult(0);
  }

  void tabulate(attn::ContainsOp contains, Block &region) {
    std::optional<Reach> reach = tabulableReach(contains, region, slackOf(op));
    if (!reach)
      return;
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(contains->getParentOp());
    const Table &table = tableOf(contains, *reach);
    b.setInsertionPoint(contains);
    Value zero = arith::ConstantIndexOp::create(b, 0);
    Value low = sub(b, contains.getLow(), table.first), high = contains.getLow() == contains.getHigh() ? low : sub(b, contains.getHigh(), table.first);
    auto direct = attn::ContainsOp::create(b, attn::SetFormat::Table, ValueRange{table.bytes}, contains.getBatch(), contains.getHead(), zero, low, high,
                                           /*in_bounds=*/true);
    contains.replaceAllUsesWith(direct.getResult());
    contains.erase();
  }

  /// Byte i of (batch, head) says whether `first + i` is in the list.
  struct Table {
    SmallVector<Value> lists;
    Reach reach;
    Value bytes, first;
  };

  const Table &tableOf(attn::ContainsOp contains, const Reach &reach) {
    SmallVector<Value> lists(contains.getTables());
    for (const Table &table : tables)
      if (table.lists == lists && table.reach == reach)
        return table;
    Value first = evaluate(reach.low), size = evaluate(reach.high - reach.low + Linear{0, 0, 1});
    Value empty = emptyTable(lists[0], size);
    Value bytes = contains.getFormat() == attn::SetFormat::Csr ? fillFromCsr(lists, empty, first) : fillFromList(lists, empty, first);
    return tables.emplace_back(Table{lists, reach, bytes, first});
  }

  Value evaluate(const Linear &x) {
    Value sum = constant(b, x.rest);
    for (auto [tensor, factor] : {std::pair(op.getQuery(), x.queries), std::pair(op.getKey(), x.keys)})
      if (factor != 0)
        sum = add(b, sum, b.createOrFold<arith::MulIOp>(dim(b, tensor, op.getDims().sequence), constant(b, factor)));
    return sum;
  }

  /// At least one entry and head, so that it may be read whatever the sizes.
  Value emptyTable(Value list, Value size) {
    Type element = b.getI8Type();
    SmallVector<OpFoldResult> sizes;
    for (int64_t i : {0, 1})
      sizes.push_back(getAsOpFoldResult(max(b, dim(b, list, i), constant(b, 1))));
    sizes.append({b.getIndexAttr(1), size});
    Value empty = tensor::EmptyOp::create(b, sizes, element);
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(element));
    return linalg::FillOp::create(b, zero, empty).getResult(0);
  }

  Value mark(ImplicitLocOpBuilder &at, Value table, Value batch, Value head, Value entry, Value first) {
    Value column = sub(at, entry, first), inside = compare(at, arith::CmpIPredicate::ult, column, dim(at, table, 3));
    auto branch = scf::IfOp::create(at, TypeRange{table.getType()}, inside, /*withElseRegion=*/true);
    ImplicitLocOpBuilder inThen(at.getLoc(), branch.getThenBodyBuilder()), inElse(at.getLoc(), branch.getElseBodyBuilder());
    Value yes = arith::ConstantOp::create(inThen, inThen.getI8IntegerAttr(1)), zero = constant(inThen, 0);
    scf::YieldOp::create(inThen, tensor::InsertOp::create(inThen, yes, table, ValueRange{batch, head, zero, column}).getResult());
    scf::YieldOp::create(inElse, table);
    return branch.getResult(0);
  }

  /// Loops over batch entries and heads of the first list, if it has a row 0.
  Value forEachRow(ArrayRef<Value> lists, Value rows, Value table, function_ref<Value(ImplicitLocOpBuilder &, Value, Value, Value)> body) {
    auto size = [&](int64_t i) { return lists.size() > 1 ? min(b, dim(b, lists[0], i), dim(b, lists[1], i)) : dim(b, lists[0], i); };
    Value zero = constant(b, 0), batches = size(0), heads = size(1), firstRow = min(b, rows, constant(b, 1));
    return loop(b, zero, batches, table, [&](ImplicitLocOpBuilder &x, Value batch, Value outer) {
      return loop(x, zero, heads, outer, [&](ImplicitLocOpBuilder &y, Value head, Value middle) {
        return loop(y, zero, firstRow, middle, [&](ImplicitLocOpBuilder &z, Value, Value inner) { return body(z, batch, head, inner); });
      });
    });
  }

  Value fillFromList(ArrayRef<Value> lists, Value table, Value first) {
    Value indices = lists[0], counts = lists[1], rows = min(b, dim(b, indices, 2), dim(b, counts, 2));
    return forEachRow(lists, rows, table, [&](ImplicitLocOpBuilder &at, Value batch, Value head, Value carried) {
      Value zero = constant(at, 0), end = min(at, extractIndex(at, counts, {batch, head, zero}), dim(at, indices, 3));
      return loop(at, zero, end, carried, [&](ImplicitLocOpBuilder &in, Value i, Value inner) {
        return mark(in, inner, batch, head, extractIndex(in, indices, {batch, head, zero, i}), first);
      });
    });
  }

  Value fillFromCsr(ArrayRef<Value> lists, Value table, Value first) {
    Value indptr = lists[0], indices = lists[1], rows = max(b, sub(b, dim(b, indptr, 2), constant(b, 1)), constant(b, 0));
    return forEachRow(lists.take_front(1), rows, table, [&](ImplicitLocOpBuilder &at, Value batch, Value head, Value carried) {
      Value zero = constant(at, 0), begin = max(at, extractIndex(at, indptr, {batch, head, zero}), zero);
      Value end = min(at, extractIndex(at, indptr, {batch, head, constant(at, 1)}), dim(at, indices, 0));
      return loop(at, begin, end, carried, [&](ImplicitLocOpBuilder &in, Value i, Value inner) {
        return mark(in, inner, batch, head, extractIndex(in, indices, i), first);
      });
    });
  }

  attn::AttentionOp op;
  ImplicitLocOpBuilder b;
  IRMapping mapping;
  SmallVector<Table, 2> tables;
};

/// Does the mask hold a list that a table can replace?
bool hasTabulable(Value mask, int64_t slack) {
  Operation *op = mask.getDefiningOp();
  if (auto predicate = dyn_cast<attn::PredicateOp>(op))
    return llvm::any_of(predicate.getBody().getOps<attn::ContainsOp>(), [&](attn::ContainsOp contains) {
      return tabulableReach(contains, predicate.getBody().front(), slack).has_value();
    });
  return llvm::any_of(op->getOperands(), [&](Value v) { return isa<attn::MaskType>(v.getType()) && hasTabulable(v, slack); });
}

struct TabulateSets final : lacuna::impl::TabulateSetsBase<TabulateSets> {
  void runOnOperation() override {
    SmallVector<attn::AttentionOp> ops;
    getOperation().walk([&](attn::AttentionOp op) {
      if (op.getMask() && op.getScheduleAttr() && hasTabulable(op.getMask(), slackOf(op)))
        ops.push_back(op);
    });
    for (attn::AttentionOp op : ops)
      Tabulator(op).run();
  }
};

} // namespace
