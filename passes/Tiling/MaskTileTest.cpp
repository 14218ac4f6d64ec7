// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MaskWalk: what is asked of a whole tile before its elements.
#include "passes/Tiling/MaskWalk.h"

#include "lib/Analysis/IndexArithmetic.h"
#include "lib/Analysis/TouchedKeys.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {

static TileClass negatedIf(ImplicitLocOpBuilder &b, bool negated, TileClass c) {
  if (!negated)
    return c;
  return {negate(b, c.all), negate(b, c.any)};
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
  return {item.batch, item.head, item.firstRow, end, low, high, item.queryLength, item.keyLength, item.heads, item.queryTile(), {k0, item.tileN}};
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

} // namespace lacuna
