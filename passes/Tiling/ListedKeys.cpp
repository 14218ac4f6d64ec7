// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/Tiling/ListedKeys.h"

#include "lib/Analysis/IndexArithmetic.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

constexpr int64_t kWord = 64, kMaxGranule = int64_t(1) << 31;
/// More columns of a bitmap or table in a tile are asked for pair by pair: then there is nothing to share.
constexpr int64_t kMaxColumns = 16;
/// So many lists of one tile are worth a look at what they hold, before the walk.
constexpr int64_t kManyRows = 8;

/// What the ops of a predicate's region depend on.
struct Dependence {
  Dependence(Block &block, int64_t queryTile) {
    onRow.insert(block.getArgument(2)), onKey.insert(block.getArgument(3));
    for (Operation &op : block.without_terminator()) {
      if (!isBlockOfTile(op, block, queryTile) && llvm::any_of(op.getOperands(), [&](Value v) { return onRow.contains(v); }))
        onRow.insert_range(op.getResults());
      if (llvm::any_of(op.getOperands(), [&](Value v) { return onKey.contains(v); }))
        onKey.insert_range(op.getResults());
    }
  }

  /// All rows of a tile lie in the block.
  static bool isBlockOfTile(Operation &op, Block &block, int64_t queryTile) {
    APInt size;
    return queryTile > 0 && isa<arith::FloorDivSIOp, arith::DivSIOp, arith::DivUIOp>(op) && op.getOperand(0) == block.getArgument(2) &&
           matchPattern(op.getOperand(1), m_ConstantInt(&size)) && size.isStrictlyPositive() && size.getSExtValue() % queryTile == 0;
  }

  llvm::SmallDenseSet<Value> onRow, onKey; ///< values that differ between the rows of a tile, between keys
};

/// By how much a sum or difference changes from key to key; none where that is not known.
std::optional<int64_t> stepOf(Value x, Value key, const Dependence &dependence) {
  if (!dependence.onKey.contains(x))
    return 0;
  if (x == key)
    return 1;
  Operation *op = x.getDefiningOp();
  if (!isa_and_nonnull<arith::AddIOp, arith::SubIOp>(op))
    return std::nullopt;
  std::optional<int64_t> left = stepOf(op->getOperand(0), key, dependence), right = stepOf(op->getOperand(1), key, dependence);
  if (!left || !right)
    return std::nullopt;
  return isa<arith::AddIOp>(op) ? *left + *right : *left - *right;
}

/// A column as a position and the size of the blocks that make the columns; none where that is not known.
std::optional<std::pair<Value, int64_t>> positionOf(Value column, const Dependence &dependence) {
  auto quotient = column.getDefiningOp<arith::FloorDivSIOp>();
  if (!quotient || !dependence.onKey.contains(quotient))
    return std::pair(column, int64_t(1));
  APInt size;
  if (!matchPattern(quotient.getRhs(), m_ConstantInt(&size)) || !size.isStrictlyPositive() || size.sgt(kMaxGranule))
    return std::nullopt;
  return std::pair(quotient.getLhs(), size.getSExtValue());
}

Value word(ImplicitLocOpBuilder &b, int64_t value) { return arith::ConstantOp::create(b, b.getI64IntegerAttr(value)); }
Value toWord(ImplicitLocOpBuilder &b, Value x) { return b.createOrFold<arith::IndexCastOp>(b.getI64Type(), x); }

/// The lowest `count` bits, count in [0, 64].
Value lowBits(ImplicitLocOpBuilder &b, Value count) {
  Value all = compare(b, CmpIPredicate::sge, count, word(b, kWord)), amount = b.createOrFold<arith::SelectOp>(all, word(b, 0), count);
  Value bits = arith::SubIOp::create(b, arith::ShLIOp::create(b, word(b, 1), amount), word(b, 1));
  return arith::SelectOp::create(b, all, word(b, -1), bits);
}

} // namespace

std::optional<ListedKeys> ListedKeys::match(attn::PredicateOp op, int64_t queryTile, int64_t keyTile) {
  Block &block = op.getBody().front();
  auto contains = block.getTerminator()->getOperand(0).getDefiningOp<attn::ContainsOp>();
  if (!contains || contains->getBlock() != &block || contains.getInBounds())
    return std::nullopt;
  Dependence dependence(block, queryTile);
  auto readsByKey = [&](Operation &read) { return isa<attn::LookupOp, attn::SegmentOp>(read) && dependence.onKey.contains(read.getResult(0)); };
  if (dependence.onKey.contains(contains.getRow()) || llvm::any_of(block, readsByKey))
    return std::nullopt;
  auto low = positionOf(contains.getLow(), dependence), high = positionOf(contains.getHigh(), dependence);
  if (!low || !high || low->second != high->second)
    return std::nullopt;
  ListedKeys result;
  result.contains = contains;
  std::tie(result.low, result.granule) = *low;
  result.high = high->first;
  std::optional<int64_t> step = stepOf(result.low, block.getArgument(3), dependence);
  if (!step || (*step != 1 && *step != -1) || step != stepOf(result.high, block.getArgument(3), dependence))
    return std::nullopt;
  result.falls = *step < 0;
  bool hasColumns = ColumnRow::hasFormat(contains.getFormat()) && llvm::divideCeil(keyTile, result.granule) <= kMaxColumns;
  bool isOfRow = llvm::any_of(ArrayRef<Value>{contains.getRow(), result.low, result.high}, [&](Value v) { return dependence.onRow.contains(v); });
  if (!isOfRow || (!hasColumns && !result.isSearchable()))
    return std::nullopt;
  APInt rows(64, 1);
  if (auto quotient = contains.getRow().getDefiningOp<arith::FloorDivSIOp>())
    matchPattern(quotient.getRhs(), m_ConstantInt(&rows));
  result.manyRows = result.isSearchable() && dependence.onRow.contains(contains.getRow()) && rows.getSExtValue() <= queryTile / kManyRows;
  return result;
}

int64_t ListedKeys::wordsFor(int64_t keys) { return llvm::divideCeil(keys, kWord); }

ListedKeys::Question ListedKeys::emitQuestion(ImplicitLocOpBuilder &b, const Coordinates &row, Value k0, const IRMapping &captures) const {
  attn::ContainsOp op = contains;
  const Value wanted[] = {low, high, op.getRow(), op.getBatch(), op.getHead()};
  ScalarResult at = emitScalars(b, *op->getParentRegion(), wanted, {row.batch, row.head, row.query, k0}, row, captures);
  SetView set{op.getFormat(), llvm::map_to_vector(op.getTables(), [&](Value v) { return captures.lookupOrDefault(v); }), at.values[3], at.values[4], row.heads};
  return {set, at.values[2], at.values[0], at.values[1], at.valid};
}

/// What the positions of the keys [first key, first key + keys) lie in.
EntryRange ListedKeys::emitWanted(ImplicitLocOpBuilder &b, const Question &question, Value isSorted, int64_t keys) const {
  Value more = constant(b, keys - 1), size = constant(b, granule);
  Value first = falls ? sub(b, question.low, more) : question.low, last = falls ? question.high : add(b, question.high, more);
  return {b.createOrFold<arith::FloorDivSIOp>(first, size), b.createOrFold<arith::FloorDivSIOp>(last, size), isSorted};
}

/// The slots of a word, from number `shift` on, that an entry touches. Products of entries and granules are below 2^62: a difference that wraps is far from
/// every word.
Value ListedKeys::emitSlots(ImplicitLocOpBuilder &b, const Question &question, Value entry, int64_t shift, Value slot) const {
  Value zero = word(b, 0), one = word(b, 1), low = toWord(b, question.low), high = toWord(b, question.high);
  if (granule == 1 && question.low == question.high) {
    Value bit = falls ? sub(b, low, entry) : sub(b, entry, low);
    bit = sub(b, slot ? arith::ShRUIOp::create(b, bit, slot).getResult() : bit, word(b, shift));
    Value inside = compare(b, CmpIPredicate::ult, bit, word(b, kWord)), amount = arith::SelectOp::create(b, inside, bit, zero);
    return arith::SelectOp::create(b, inside, arith::ShLIOp::create(b, one, amount), zero);
  }
  // Keys [begin, end): their positions reach the block of the entry and do not go beyond it.
  Value size = word(b, granule), start = b.createOrFold<arith::MulIOp>(entry, size);
  Value begin = falls ? sub(b, add(b, sub(b, low, start), one), size) : sub(b, start, high);
  Value end = falls ? add(b, sub(b, high, start), one) : add(b, sub(b, start, low), size);
  if (slot) {
    begin = arith::ShRSIOp::create(b, begin, slot);
    end = add(b, arith::ShRSIOp::create(b, sub(b, end, one), slot), one);
  }
  auto bitsBelow = [&](Value x) { return lowBits(b, min(b, max(b, sub(b, x, word(b, shift)), zero), word(b, kWord))); };
  return both(b, bitsBelow(end), arith::XOrIOp::create(b, bitsBelow(begin), word(b, -1)));
}

SmallVector<Value> ListedKeys::emitWords(ImplicitLocOpBuilder &b, const Question &question, const EntryRange &wanted, int64_t count, Value slot) const {
  SmallVector<Value> words(count, word(b, 0));
  words = foldEntries(b, question.set, question.row, wanted, words, [&](ImplicitLocOpBuilder &in, Value entry, ValueRange state) {
    SmallVector<Value> next;
    for (auto [number, bits] : llvm::enumerate(state))
      next.push_back(either(in, bits, emitSlots(in, question, toWord(in, entry), number * kWord, slot)));
    return next;
  });
  if (question.valid)
    for (Value &bits : words)
      bits = arith::SelectOp::create(b, question.valid, bits, word(b, 0));
  return words;
}

SmallVector<Value> ListedKeys::emitWords(ImplicitLocOpBuilder &b, const Coordinates &row, Value isSorted, Value k0, int64_t keys,
                                         const IRMapping &captures) const {
  Question question = emitQuestion(b, row, k0, captures);
  return emitWords(b, question, emitWanted(b, question, isSorted, keys), wordsFor(keys), /*slot=*/{});
}

Value ListedKeys::emitSlotSize(ImplicitLocOpBuilder &b, Value keys) {
  auto isShort = [&](OpBuilder &inner, Location loc, ValueRange slot) {
    ImplicitLocOpBuilder at(loc, inner);
    Value covered = arith::ShLIOp::create(at, word(at, kWord), slot[0]);
    scf::ConditionOp::create(at, compare(at, CmpIPredicate::slt, covered, toWord(at, keys)), slot);
  };
  auto grow = [&](OpBuilder &inner, Location loc, ValueRange slot) {
    ImplicitLocOpBuilder at(loc, inner);
    scf::YieldOp::create(at, add(at, slot[0], word(at, 1)));
  };
  return scf::WhileOp::create(b, TypeRange{b.getI64Type()}, word(b, 0), isShort, grow).getResult(0);
}

Value ListedKeys::emitOccupied(ImplicitLocOpBuilder &b, const Coordinates &row, Value slot, const IRMapping &captures) const {
  Question question = emitQuestion(b, row, constant(b, 0), captures);
  return emitWords(b, question, /*wanted=*/{}, 1, slot)[0];
}

Value ListedKeys::emitSlotsOf(ImplicitLocOpBuilder &b, Value k0, Value k1, Value slot) {
  Value one = word(b, 1), first = arith::ShRUIOp::create(b, toWord(b, k0), slot), last = arith::ShRUIOp::create(b, sub(b, toWord(b, k1), one), slot);
  return both(b, lowBits(b, add(b, last, one)), arith::XOrIOp::create(b, lowBits(b, first), word(b, -1)));
}

Value ListedKeys::emitIsSorted(ImplicitLocOpBuilder &b, const Coordinates &row, const IRMapping &captures) const {
  Question question = emitQuestion(b, row, constant(b, 0), captures);
  return lacuna::emitIsSorted(b, question.set, question.row);
}

Value ListedKeys::emitBit(ImplicitLocOpBuilder &b, ValueRange words, Value column) {
  Value bit = toWord(b, column), bits = words[0];
  for (auto [number, next] : llvm::enumerate(words.drop_front())) {
    Value isLater = compare(b, CmpIPredicate::sge, bit, word(b, (number + 1) * kWord));
    bits = arith::SelectOp::create(b, isLater, next, bits);
  }
  if (words.size() > 1)
    bit = arith::AndIOp::create(b, bit, word(b, kWord - 1));
  return arith::TruncIOp::create(b, b.getI1Type(), arith::ShRUIOp::create(b, bits, bit));
}

} // namespace lacuna
