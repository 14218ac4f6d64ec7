// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/RowInterval.h"

#include "lib/Analysis/BlockMasks.h"
#include "lib/Analysis/IndexArithmetic.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {


/// The least range that holds both; an empty `more` adds nothing.
KeySpan unite(ImplicitLocOpBuilder &b, KeySpan range, KeySpan more) {
  Value some = compare(b, CmpIPredicate::slt, more.low, more.high);
  return {select(b, some, min(b, range.low, more.low), range.low), select(b, some, max(b, range.high, more.high), range.high)};
}

/// What the rows of one block attend at most, in blocks of keys; in keys outside of the frame.
KeySpan emitBlockRange(ImplicitLocOpBuilder &b, const BlockMask &mask, const MaskNormalForm &form, const RowBlock &rows, const TileBox &box,
                        const IRMapping &captures) {
  const BlockFrame &frame = rows.frame;
  Value zero = constant(b, 0);
  auto loop = scf::ForOp::create(b, rows.begin, rows.end, constant(b, 1), ValueRange{frame.keys, zero},
                                 [&](OpBuilder &inner, Location loc, Value query, ValueRange soFar) {
                                   ImplicitLocOpBuilder at(loc, inner);
                                   SegmentCache segments;
                                   Coordinates row{box.batch, box.head, query, {}, frame.queries, frame.keys, box.heads};
                                   row.segments = &segments;
                                   KeySpan range{soFar[0], soFar[1]};
                                   for (const MaskTerm &term : form.terms)
                                     range = unite(at, range, emitRowInterval(at, term, row, captures));
                                   scf::YieldOp::create(at, ValueRange{range.low, range.high});
                                 });
  Value low = loop.getResult(0), high = loop.getResult(1), size = constant(b, mask.block[1]);
  Value begin = b.createOrFold<arith::MulIOp>(b.createOrFold<arith::DivUIOp>(low, size), size);
  Value end = b.createOrFold<arith::MulIOp>(b.createOrFold<arith::CeilDivUIOp>(high, size), size);
  // Nothing stays nothing: its low end is at the last key, and would be rounded down.
  Value some = compare(b, CmpIPredicate::slt, low, high);
  return {add(b, select(b, some, begin, low), frame.firstKey), add(b, select(b, some, min(b, end, frame.keys), zero), frame.firstKey)};
}

} // namespace

KeySpan emitRowInterval(ImplicitLocOpBuilder &b, const MaskTerm &term, const Coordinates &at, const IRMapping &captures) {
  Value zero = constant(b, 0), low = zero, high = at.keyLength;
  for (const IntervalLiteral &literal : term.intervals) {
    attn::IntervalOp op = literal.op;
    ScalarResult r = emitScalarRegion(b, op.getBounds(), {at.batch, at.head, at.query}, at, captures);
    if (literal.part == IntervalLiteral::Inside) {
      low = max(b, low, r.values[0]);
      high = min(b, high, r.valid ? select(b, r.valid, r.values[1], zero) : r.values[1]);
      continue;
    }
    if (literal.part == IntervalLiteral::Above) {
      low = max(b, low, r.values[1]);
      continue;
    }
    // The complement of an empty interval is everything: its lower half takes all keys, whatever its upper half has of them, too.
    Value empty = compare(b, CmpIPredicate::sge, r.values[0], r.values[1]);
    if (r.valid)
      empty = either(b, empty, negate(b, r.valid));
    high = min(b, high, select(b, empty, at.keyLength, r.values[0]));
  }
  return {min(b, low, at.keyLength), max(b, high, zero)};
}

std::optional<KeySpan> emitBlockHull(ImplicitLocOpBuilder &b, const OpaqueLiteral &literal, const TileBox &box, const IRMapping &captures) {
  Operation *op = literal.mask.getDefiningOp();
  if (!isBlockMask(op))
    return std::nullopt;
  // An interior lies in its mask and so in its cover; what is not in a cover is the interior of what is not in the mask, and the other way round.
  BlockMask mask(op);
  if (literal.negated && !mask.frame.empty()) // holds outside of the frame
    return std::nullopt;
  MaskNormalForm form = normalizeMask(mask.mask, literal.negated);
  if (llvm::any_of(form.terms, [](const MaskTerm &term) { return term.intervals.empty(); }))
    return std::nullopt;
  SmallVector<Value> nothing{box.keyLength, constant(b, 0)};
  auto rows = forEachRowBlock(b, mask, box, captures, nothing, [&](ImplicitLocOpBuilder &at, const RowBlock &block, ValueRange soFar) -> SmallVector<Value, 2> {
    KeySpan range = unite(at, {soFar[0], soFar[1]}, emitBlockRange(at, mask, form, block, box, captures));
    return {range.low, range.high};
  });
  return KeySpan{rows.state[0], rows.state[1]};
}

} // namespace lacuna
