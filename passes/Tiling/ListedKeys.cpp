// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/Tiling/ListedKeys.h"

#include "lib/Analysis/IndexArithmetic.h"
#include "lib/Analysis/SetMembership.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

constexpr int64_t kWord = 64, kMaxGranule = int64_t(1) << 31;

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

Value word(ImplicitLocOpBuilder &b, int64_t value) { return arith::ConstantOp::create(b, b.getI64IntegerAttr(value)); }
Value toWord(ImplicitLocOpBuilder &b, Value x) { return b.createOrFold<arith::IndexCastOp>(b.getI64Type(), x); }

/// The lowest `count` bits, count in [0, 64].
Value lowBits(ImplicitLocOpBuilder &b, Value count) {
  Value all = compare(b, CmpIPredicate::sge, count, word(b, kWord)), amount = b.createOrFold<arith::SelectOp>(all, word(b, 0), count);
  Value bits = arith::SubIOp::create(b, arith::ShLIOp::create(b, word(b, 1), amount), word(b, 1));
  return arith::SelectOp::create(b, all, word(b, -1), bits);
}

} // namespace

std::optional<ListedKeys> ListedKeys::match(attn::PredicateOp op, int64_t queryTile) {
  Block &block = op.getBody().front();
  ListedKeys result;
  result.contains = block.getTerminator()->getOperand(0).getDefiningOp<attn::ContainsOp>();
  bool isList = result.contains && llvm::is_contained({attn::SetFormat::Csr, attn::SetFormat::List}, result.contains.getFormat());
  if (!isList || result.contains->getBlock() != &block || result.contains.getLow() != result.contains.getHigh())
    return std::nullopt;
  Dependence dependence(block, queryTile);
  auto readsByKey = [&](Operation &read) { return isa<attn::LookupOp, attn::SegmentOp>(read) && dependence.onKey.contains(read.getResult(0)); };
  if (dependence.onKey.contains(result.contains.getRow()) || llvm::any_of(block, readsByKey))
    return std::nullopt;
  result.position = result.contains.getLow();
  if (auto quotient = result.position.getDefiningOp<arith::FloorDivSIOp>(); quotient && dependence.onKey.contains(quotient)) {
    APInt size;
    if (!matchPattern(quotient.getRhs(), m_ConstantInt(&size)) || !size.isStrictlyPositive() || size.sgt(kMaxGranule))
      return std::nullopt;
    result.position = quotient.getLhs(), result.granule = size.getSExtValue();
  }
  std::optional<int64_t> step = stepOf(result.position, block.getArgument(3), dependence);
  if (!step || (*step != 1 && *step != -1))
    return std::nullopt;
  result.falls = *step < 0;
  if (!dependence.onRow.contains(result.contains.getRow()) && !dependence.onRow.contains(result.position))
    return std::nullopt;
  return result;
}

int64_t ListedKeys::wordsFor(int64_t keys) { return llvm::divideCeil(keys, kWord); }

/// The bits of one word that an entry sets; `first` is the position of the word's first key. Products of entries and granules are below 2^62: a difference that
/// wraps is far from every word.
Value ListedKeys::emitEntry(ImplicitLocOpBuilder &b, Value entry, Value first, int64_t number) const {
  Value shift = word(b, number * kWord);
  if (granule == 1) {
    Value bit = falls ? sub(b, first, entry) : sub(b, entry, first);
    bit = sub(b, bit, shift);
    Value inside = compare(b, CmpIPredicate::ult, bit, word(b, kWord)), amount = arith::SelectOp::create(b, inside, bit, word(b, 0));
    return arith::SelectOp::create(b, inside, arith::ShLIOp::create(b, word(b, 1), amount), word(b, 0));
  }
  Value size = word(b, granule), start = arith::MulIOp::create(b, entry, size);
  Value begin = falls ? sub(b, sub(b, add(b, first, word(b, 1)), start), size) : sub(b, start, first);
  begin = sub(b, begin, shift);
  auto clip = [&](Value x) { return min(b, max(b, x, word(b, 0)), word(b, kWord)); };
  Value low = lowBits(b, clip(begin)), high = lowBits(b, clip(add(b, begin, size)));
  return both(b, high, arith::XOrIOp::create(b, low, word(b, -1)));
}

SmallVector<Value> ListedKeys::emitWords(ImplicitLocOpBuilder &b, const Coordinates &row, Value k0, int64_t keys, const IRMapping &captures) const {
  attn::ContainsOp op = contains;
  ScalarResult at = emitScalars(b, *op->getParentRegion(), {position, op.getRow(), op.getBatch(), op.getHead()}, {row.batch, row.head, row.query, k0}, row, captures);
  SetView set{op.getFormat(), llvm::map_to_vector(op.getTables(), [&](Value v) { return captures.lookupOrDefault(v); }), at.values[2], at.values[3], row.heads};
  Value first = toWord(b, at.values[0]);
  SmallVector<Value> words(wordsFor(keys), word(b, 0));
  words = foldEntries(b, set, at.values[1], words, [&](ImplicitLocOpBuilder &in, Value entry, ValueRange state) {
    SmallVector<Value> next;
    for (auto [number, bits] : llvm::enumerate(state))
      next.push_back(either(in, bits, emitEntry(in, toWord(in, entry), first, number)));
    return next;
  });
  if (at.valid)
    for (Value &bits : words)
      bits = arith::SelectOp::create(b, at.valid, bits, word(b, 0));
  return words;
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
