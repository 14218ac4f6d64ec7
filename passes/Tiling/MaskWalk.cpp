// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Row intervals are exact for any bounds (they are computed per row, not bounded), so head, body and tail of a run follow from four reductions.
#include "passes/Tiling/MaskWalk.h"

#include "lib/Analysis/IndexArithmetic.h"
#include "lib/Analysis/RowInterval.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

Value toIndex(ImplicitLocOpBuilder &b, Value x) { return b.createOrFold<arith::IndexCastOp>(b.getIndexType(), x); }

/// Puts `values` in ascending order (odd-even transposition: at most 32 of them).
void emitSort(ImplicitLocOpBuilder &b, MutableArrayRef<Value> values) {
  for (size_t round = 0; round < values.size(); ++round)
    for (size_t i = round % 2; i + 1 < values.size(); i += 2) {
      Value low = min(b, values[i], values[i + 1]), high = max(b, values[i], values[i + 1]);
      values[i] = low, values[i + 1] = high;
    }
}

} // namespace

MaskWalk::MaskWalk(ImplicitLocOpBuilder &b, Value mask, const WorkItem &item, const IRMapping &captures)
    : form(normalizeMask(mask)), item(item), captures(captures), pairs(item, captures) {
  SmallVector<TermTiles> tiles;
  for (const MaskTerm &term : form.terms) {
    tiles.push_back(emitTerm(b, term));
    for (const OpaqueLiteral &literal : term.opaque)
      pairs.add(b, literal.mask);
  }
  if (tiles.size() == 1)
    emitSingleTermSegments(b, tiles.front());
  else
    emitSegments(b, tiles);
}

MaskWalk::TermTiles MaskWalk::emitTerm(ImplicitLocOpBuilder &b, const MaskTerm &term) {
  Value zero = constant(b, 0), step = constant(b, item.tileN), stepMinusOne = constant(b, item.tileN - 1);
  Value hullLow = zero, hullHigh = item.keyLength, coreLow = zero, coreHigh = item.keyLength;
  if (!term.intervals.empty()) {
    auto rows = tile::TileType::get(b.getContext(), {item.tileM}, b.getI32Type());
    auto body = [&](OpBuilder &inner, Location loc, ValueRange) {
      ImplicitLocOpBuilder at(loc, inner);
      SegmentCache segments;
      Coordinates here = item.rowCoordinates(at);
      here.segments = &segments;
      auto [low, high] = emitRowInterval(at, term, here, captures);
      // An empty row touches nothing and fills nothing; a row past the end touches nothing but does not hinder a full tile.
      Value real = compare(at, CmpIPredicate::slt, here.query, item.queryLength);
      Value attends = both(at, real, compare(at, CmpIPredicate::slt, low, high));
      Value zero = constant(at, 0), keys = item.keyLength;
      SmallVector<Value> all;
      if (term.isBounded())
        all = {low, high, select(at, attends, low, zero), select(at, attends, high, select(at, real, zero, keys))};
      all.append({select(at, attends, low, keys), select(at, attends, high, zero)});
      tile::YieldOp::create(at, llvm::map_to_vector(all, [&](Value v) { return toI32(at, v); }));
    };
    auto map = tile::MapOp::create(b, SmallVector<Type>(term.isBounded() ? 6 : 2, rows), ValueRange(), ArrayRef<tile::Broadcast>(), body);
    auto reduce = [&](tile::Reduction kind, Value rowValues) {
      return toIndex(b, tile::ReduceOp::create(b, b.getI32Type(), kind, rowValues, 0));
    };
    ResultRange hull = map.getResults().take_back(2);
    hullLow = reduce(tile::Reduction::Min, hull[0]), hullHigh = reduce(tile::Reduction::Max, hull[1]);
    if (term.isBounded()) {
      coreLow = reduce(tile::Reduction::Max, map.getResult(2)), coreHigh = reduce(tile::Reduction::Min, map.getResult(3));
      bounds.append({map.getResult(0), map.getResult(1)});
    }
  }
  for (const OpaqueLiteral &literal : term.opaque)
    widenSpan(b, literal.mask, {hullLow, hullHigh});
  for (const OpaqueLiteral &literal : term.opaque)
    if (std::optional<KeySpan> range = blockHull(b, literal))
      hullLow = max(b, hullLow, range->low), hullHigh = min(b, hullHigh, range->high);
  hulls.append({hullLow, hullHigh});
  if (!term.opaque.empty())
    coreHigh = zero;
  auto roundDown = [&](Value v) { return b.createOrFold<arith::DivUIOp>(v, step); };
  auto roundUp = [&](Value v) { return roundDown(add(b, v, stepMinusOne)); };
  TermTiles tiles;
  tiles.hullLow = roundDown(hullLow);
  tiles.hullHigh = max(b, roundUp(hullHigh), tiles.hullLow);
  // The body lies inside the hull; without a body both its ends meet.
  tiles.coreLow = min(b, max(b, roundUp(coreLow), tiles.hullLow), tiles.hullHigh);
  tiles.coreHigh = min(b, max(b, roundDown(coreHigh), tiles.coreLow), tiles.hullHigh);
  return tiles;
}

/// Rows of blocks lie outside the tile, too: the range is asked for once, not by row.
std::optional<KeySpan> MaskWalk::blockHull(ImplicitLocOpBuilder &b, const OpaqueLiteral &literal) {
  auto [known, isNew] = blockHulls[literal.negated].try_emplace(literal.mask);
  if (isNew) {
    Value end = min(b, add(b, item.firstRow, constant(b, item.tileM)), item.queryLength);
    TileBox rows{item.batch, item.head, item.firstRow, end, constant(b, 0), item.keyLength, item.queryLength, item.keyLength, item.heads};
    known->second = emitBlockHull(b, literal, rows, captures);
  }
  return known->second;
}

void MaskWalk::emitSingleTermSegments(ImplicitLocOpBuilder &b, const TermTiles &t) {
  Value zero = constant(b, 0);
  starts = {t.hullLow, t.coreLow, t.coreHigh};
  partial = {sub(b, t.coreLow, t.hullLow), zero, sub(b, t.hullHigh, t.coreHigh)};
  full = {zero, sub(b, t.coreHigh, t.coreLow), zero};
}

void MaskWalk::emitSegments(ImplicitLocOpBuilder &b, ArrayRef<TermTiles> tiles) {
  Value zero = constant(b, 0);
  SmallVector<Value> ends;
  for (const TermTiles &t : tiles)
    ends.append({t.hullLow, t.coreLow, t.coreHigh, t.hullHigh});
  if (ends.empty())
    ends = {zero, zero}; // no term: nothing to visit
  emitSort(b, ends);
  // Between two neighbouring ends every tile has one class, that of the first.
  for (size_t i = 0; i + 1 < ends.size(); ++i) {
    Value touched = boolean(b, false), filled = boolean(b, false);
    auto within = [&](Value low, Value high) {
      return both(b, compare(b, CmpIPredicate::sle, low, ends[i]), compare(b, CmpIPredicate::slt, ends[i], high));
    };
    for (const TermTiles &t : tiles) {
      touched = either(b, touched, within(t.hullLow, t.hullHigh));
      filled = either(b, filled, within(t.coreLow, t.coreHigh));
    }
    Value length = sub(b, ends[i + 1], ends[i]);
    starts.push_back(ends[i]);
    full.push_back(select(b, filled, length, zero));
    partial.push_back(select(b, filled, zero, select(b, touched, length, zero)));
  }
}

bool MaskWalk::needsTest() const { return form.terms.size() > 1 || !form.isIntervalOnly(); }

SmallVector<Value> MaskWalk::rowValues() const {
  SmallVector<Value> rows(bounds);
  llvm::append_range(rows, pairs.rowValues());
  return rows;
}

void MaskWalk::widenSpan(ImplicitLocOpBuilder &b, Value mask, const KeySpan &span) {
  auto [known, isNew] = spans.try_emplace(mask, span);
  if (!isNew)
    known->second = {min(b, known->second.low, span.low), max(b, known->second.high, span.high)};
}

Value MaskWalk::emitAttends(ImplicitLocOpBuilder &b, Value k0, ValueRange rows, ArrayRef<Value> known) const {
  Value column = tile::IndexOp::create(b, 1), key = add(b, k0, column);
  Value key32 = toI32(b, key), result = boolean(b, false);
  size_t next = 0, literals = 1;
  for (const MaskTerm &term : form.terms) {
    Value attends;
    if (term.isBounded()) {
      attends = both(b, compare(b, CmpIPredicate::sge, key32, rows[next]), compare(b, CmpIPredicate::slt, key32, rows[next + 1]));
      next += 2;
    } else {
      attends = either(b, known[0], compare(b, CmpIPredicate::slt, key32, toI32(b, item.keyLength)));
    }
    Coordinates at{item.batch, item.head, Value(), key, item.queryLength, item.keyLength, item.heads, item.queryTile(), {k0, item.tileN}};
    if (!term.opaque.empty())
      at.query = item.rowCoordinates(b).query;
    for (const OpaqueLiteral &literal : term.opaque)
      attends = both(b, attends, either(b, known[literals++], pairs.emitHolds(b, literal, at, rows.drop_front(bounds.size()))));
    result = either(b, result, attends);
  }
  return result;
}

} // namespace lacuna
