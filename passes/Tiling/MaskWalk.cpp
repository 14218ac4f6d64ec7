// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Row intervals are exact for any bounds (they are computed per row, not bounded), so head, body and tail of a run follow from four reductions.
#include "passes/Tiling/MaskWalk.h"

#include "lib/Analysis/IndexArithmetic.h"
#include "lib/Analysis/RowInterval.h"
#include "lib/Analysis/TouchedKeys.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

Value toI32(ImplicitLocOpBuilder &b, Value x) { return b.createOrFold<arith::IndexCastOp>(b.getI32Type(), x); }
Value toIndex(ImplicitLocOpBuilder &b, Value x) { return b.createOrFold<arith::IndexCastOp>(b.getIndexType(), x); }

TileClass negatedIf(ImplicitLocOpBuilder &b, bool negated, TileClass c) {
  if (!negated)
    return c;
  return {negate(b, c.all), negate(b, c.any)};
}

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

/// The class of an opaque mask; it is not asked for tiles of which the rows say that they are empty.
TileClass MaskWalk::emitLiteralClass(ImplicitLocOpBuilder &b, Value mask, Value k0) const {
  Value mayHold = pairs.emitMayHold(b, mask, k0);
  if (!mayHold)
    return emitOpaqueClass(b, mask, k0);
  auto branch = scf::IfOp::create(b, TypeRange{b.getI1Type(), b.getI1Type()}, mayHold, /*withElseRegion=*/true);
  ImplicitLocOpBuilder inThen(b.getLoc(), branch.getThenBodyBuilder()), inElse(b.getLoc(), branch.getElseBodyBuilder());
  TileClass found = emitOpaqueClass(inThen, mask, k0);
  scf::YieldOp::create(inThen, ValueRange{found.any, found.all});
  Value no = boolean(inElse, false);
  scf::YieldOp::create(inElse, ValueRange{no, no});
  return {branch.getResult(0), branch.getResult(1)};
}

/// Beyond the span no row asks the mask: an entry there makes a tile neither touched nor partial. The box keeps one key at least.
TileClass MaskWalk::emitOpaqueClass(ImplicitLocOpBuilder &b, Value mask, Value k0) const {
  const KeySpan &span = spans.at(mask);
  Value one = constant(b, 1), end = min(b, add(b, k0, constant(b, item.tileN)), item.keyLength);
  Value low = min(b, max(b, k0, span.low), sub(b, end, one)), high = max(b, min(b, end, span.high), add(b, low, one));
  return emitTileClass(b, b.getLoc(), mask, boxOf(b, k0, low, high), captures);
}

TileBox MaskWalk::boxOf(ImplicitLocOpBuilder &b, Value k0, Value low, Value high) const {
  Value end = min(b, add(b, item.firstRow, constant(b, item.tileM)), item.queryLength);
  TileBox box{item.batch, item.head, item.firstRow, end, low, high, item.queryLength, item.keyLength, item.heads};
  box.queryTile = {item.firstRow, item.blockTile()}, box.keyTile = {k0, item.tileN};
  return box;
}

SmallVector<Value> MaskWalk::emitKnown(ImplicitLocOpBuilder &b, Value k0) const {
  // All keys of the tile are there.
  SmallVector<Value> known{compare(b, CmpIPredicate::sle, add(b, k0, constant(b, item.tileN)), item.keyLength)};
  DenseMap<Value, TileClass> classes;
  // Where one literal is all there is, tiles that it fills have a body of their own, but for the last one; there its elements are cheap.
  bool decidesTiles = form.terms.size() == 1 && !form.terms[0].isBounded() && form.terms[0].opaque.size() == 1 && touchesKeysByBlocks(form);
  for (const MaskTerm &term : form.terms)
    for (const OpaqueLiteral &literal : term.opaque) {
      if (decidesTiles || pairs.isListed(literal.mask)) { // a bit is asked faster than the list
        known.push_back(boolean(b, false));
        continue;
      }
      auto [entry, isNew] = classes.try_emplace(literal.mask);
      if (isNew)
        entry->second = emitOpaqueClass(b, literal.mask, k0);
      known.push_back(negatedIf(b, literal.negated, entry->second).all);
    }
  return known;
}

TileClass MaskWalk::emitTest(ImplicitLocOpBuilder &b, Value k0) {
  Value k1 = add(b, k0, constant(b, item.tileN)), yes = boolean(b, true), no = boolean(b, false);
  // Opaque literals answer for the whole tile, intervals row by row.
  SmallVector<TileClass> opaque;
  DenseMap<Value, TileClass> classes; // a literal often stands in several terms
  for (const MaskTerm &term : form.terms) {
    TileClass all{yes, yes};
    for (const OpaqueLiteral &literal : term.opaque) {
      auto [known, isNew] = classes.try_emplace(literal.mask);
      if (isNew)
        known->second = emitLiteralClass(b, literal.mask, k0);
      TileClass c = negatedIf(b, literal.negated, known->second);
      all = {both(b, all.any, c.any), both(b, all.all, c.all)};
    }
    opaque.push_back(all);
  }
  Value some = no, every = no;
  for (const TileClass &c : opaque)
    some = either(b, some, c.any), every = either(b, every, c.all);
  if (bounds.empty()) // all rows alike; the last tile is not full, since its loads are not in bounds
    return {some, both(b, every, compare(b, CmpIPredicate::sle, k1, item.keyLength))};
  auto asked = scf::IfOp::create(b, TypeRange{b.getI1Type(), b.getI1Type()}, some, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(asked.elseBlock());
  scf::YieldOp::create(b, ValueRange{no, no});
  b.setInsertionPointToStart(asked.thenBlock());
  TileClass answer = emitRowTest(b, k0, opaque);
  scf::YieldOp::create(b, ValueRange{answer.any, answer.all});
  return {asked.getResult(0), asked.getResult(1)};
}

std::optional<KeySpan> MaskWalk::emitKeys(ImplicitLocOpBuilder &b, Value k0, const TileClass &answer) const {
  constexpr int64_t kStep = 8;
  if (item.tileN % kStep || !touchesKeysByBlocks(form))
    return std::nullopt;
  Value isPartial = both(b, answer.any, negate(b, answer.all)), zero = constant(b, 0), size = constant(b, item.tileN);
  auto asked = scf::IfOp::create(b, TypeRange{b.getIndexType(), b.getIndexType()}, isPartial, /*withElseRegion=*/true);
  ImplicitLocOpBuilder inThen(b.getLoc(), asked.getThenBodyBuilder()), inElse(b.getLoc(), asked.getElseBodyBuilder());
  KeySpan keys = emitTouchedKeys(inThen, form, boxOf(inThen, k0, k0, add(inThen, k0, size)), kStep, captures);
  scf::YieldOp::create(inThen, ValueRange{keys.low, keys.high});
  scf::YieldOp::create(inElse, ValueRange{zero, size});
  return KeySpan{asked.getResult(0), asked.getResult(1)};
}

/// Intervals row by row, `opaque` being the class of each term's other literals.
TileClass MaskWalk::emitRowTest(ImplicitLocOpBuilder &b, Value k0, ArrayRef<TileClass> opaque) {
  Value k1 = add(b, k0, constant(b, item.tileN)), no = boolean(b, false);
  auto rows = tile::TileType::get(b.getContext(), {item.tileM}, b.getI32Type());
  auto body = [&](OpBuilder &inner, Location loc, ValueRange args) {
    ImplicitLocOpBuilder at(loc, inner);
    Value begin = toI32(at, k0), end = toI32(at, k1), any = no, covered = begin;
    size_t next = 0;
    SmallVector<std::pair<Value, Value>> intervals;
    for (const MaskTerm &term : form.terms) {
      bool bounded = term.isBounded();
      intervals.emplace_back(bounded ? args[next] : toI32(at, constant(at, 0)), bounded ? args[next + 1] : toI32(at, item.keyLength));
      next += bounded ? 2 : 0;
    }
    for (auto [interval, c] : llvm::zip(intervals, opaque)) {
      Value touches = both(at, compare(at, CmpIPredicate::slt, max(at, interval.first, begin), min(at, interval.second, end)), c.any);
      any = either(at, any, touches);
    }
    // Sweep: as many rounds as intervals extend the covered part as far as the union does.
    for (size_t round = 0; round < intervals.size(); ++round)
      for (auto [interval, c] : llvm::zip(intervals, opaque)) {
        Value extends = both(at, compare(at, CmpIPredicate::sle, interval.first, covered), c.all);
        covered = select(at, extends, max(at, covered, interval.second), covered);
      }
    Value all = compare(at, CmpIPredicate::sge, covered, end);
    Value real = compare(at, CmpIPredicate::slt, item.rowCoordinates(at).query, item.queryLength);
    any = both(at, any, real), all = either(at, all, negate(at, real));
    auto widen = [&](Value v) { return arith::ExtUIOp::create(at, at.getI32Type(), v).getResult(); };
    tile::YieldOp::create(at, ValueRange{widen(any), widen(all)});
  };
  auto map = tile::MapOp::create(b, TypeRange{rows, rows}, bounds, SmallVector<tile::Broadcast>(bounds.size(), tile::Broadcast::None), body);
  auto reduce = [&](tile::Reduction kind, Value flags) {
    Value scalar = tile::ReduceOp::create(b, b.getI32Type(), kind, flags, 0);
    Value zero = arith::ConstantOp::create(b, b.getI32IntegerAttr(0));
    return compare(b, CmpIPredicate::ne, scalar, zero);
  };
  return {reduce(tile::Reduction::Max, map.getResult(0)), reduce(tile::Reduction::Min, map.getResult(1))};
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
    Coordinates at{item.batch, item.head, Value(), key, item.queryLength, item.keyLength, item.heads, item.firstRow, item.blockTile(), k0, item.tileN};
    if (!term.opaque.empty())
      at.query = item.rowCoordinates(b).query;
    for (const OpaqueLiteral &literal : term.opaque)
      attends = both(b, attends, either(b, known[literals++], pairs.emitHolds(b, literal, at, rows.drop_front(bounds.size()))));
    result = either(b, result, attends);
  }
  return result;
}

} // namespace lacuna
