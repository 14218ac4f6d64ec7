// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/BoxPieces.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

constexpr int64_t kMaxPieces = 16;
constexpr int64_t kMaxPeriod = int64_t(1) << 31; // positions are below it

/// Pieces of [begin, end): the first one has `first` positions, the others `period`, the last one what is left.
struct Cuts {
  Value begin, end, first, period, count;
};

Cuts emitCuts(RangeBuilder &r, Value begin, Value end, const std::optional<Period> &given) {
  Value zero = r.constant(0), one = r.constant(1), size = r.sub(end, begin);
  if (!given)
    return {begin, end, size, one, one};
  Value period = r.smin(r.smax(given->length, one), r.constant(kMaxPeriod));
  Value phase = r.b.createOrFold<arith::RemSIOp>(r.add(begin, given->offset), period);
  phase = r.select(r.compare(CmpIPredicate::slt, phase, zero), r.add(phase, period), phase);
  Value first = r.sub(period, phase), rest = r.sub(size, first); // above -period: a box is not empty
  Value more = r.b.createOrFold<arith::DivSIOp>(r.add(rest, r.sub(period, one)), period);
  Value few = r.compare(CmpIPredicate::slt, more, r.constant(kMaxPieces));
  return {begin, end, r.select(few, first, size), period, r.add(r.select(few, more, zero), one)};
}

std::pair<Value, Value> emitPiece(RangeBuilder &r, const Cuts &cuts, Value number) {
  Value isFirst = r.compare(CmpIPredicate::eq, number, r.constant(0));
  Value end = r.add(r.add(cuts.begin, cuts.first), r.mul(number, cuts.period));
  return {r.select(isFirst, cuts.begin, r.sub(end, cuts.period)), r.smin(end, cuts.end)};
}

} // namespace

Tri emitByPieces(ImplicitLocOpBuilder &b, const TileBox &box, const std::optional<Period> &query, const std::optional<Period> &key, Tri whole,
                 function_ref<Tri(ImplicitLocOpBuilder &, const TileBox &)> classify) {
  RangeBuilder r(b);
  Cuts queries = emitCuts(r, box.q0, box.q1, query), keys = emitCuts(r, box.k0, box.k1, key);
  Value zero = r.constant(0);
  Value isCut = r.compare(CmpIPredicate::sgt, r.add(queries.count, keys.count), r.constant(2));
  Value needed = r.both(isCut, r.both(whole.any, r.negate(whole.all)));
  // Ends as soon as the box is known to be partial after all.
  Type index = b.getIndexType(), truth = b.getI1Type();
  Value total = r.select(needed, r.mul(queries.count, keys.count), zero);
  auto loop = scf::WhileOp::create(
      b, TypeRange{index, truth, truth}, ValueRange{zero, r.both(whole.any, r.negate(needed)), r.either(whole.all, needed)},
      [&](OpBuilder &inner, Location loc, ValueRange state) {
        ImplicitLocOpBuilder at(loc, inner);
        RangeBuilder nested(at);
        Value isOpen = nested.either(nested.negate(state[1]), state[2]);
        scf::ConditionOp::create(at, nested.both(nested.compare(CmpIPredicate::slt, state[0], total), isOpen), state);
      },
      [&](OpBuilder &inner, Location loc, ValueRange state) {
        ImplicitLocOpBuilder at(loc, inner);
        RangeBuilder nested(at);
        TileBox piece = box;
        std::tie(piece.q0, piece.q1) = emitPiece(nested, queries, arith::DivUIOp::create(at, state[0], keys.count));
        std::tie(piece.k0, piece.k1) = emitPiece(nested, keys, arith::RemUIOp::create(at, state[0], keys.count));
        Tri found = classify(at, piece);
        scf::YieldOp::create(at, ValueRange{nested.add(state[0], nested.constant(1)), nested.either(state[1], found.any), nested.both(state[2], found.all)});
      });
  return {loop.getResult(1), loop.getResult(2)};
}

} // namespace lacuna
