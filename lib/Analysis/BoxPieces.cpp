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
  Value first = r.sub(period, phase), rest = r.sub(size, first);
  Value more = r.b.createOrFold<arith::DivSIOp>(r.add(r.smax(rest, zero), r.sub(period, one)), period);
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
  Value zero = r.constant(0), one = r.constant(1);
  Value isCut = r.compare(CmpIPredicate::sgt, r.add(queries.count, keys.count), r.constant(2));
  Value needed = r.both(isCut, r.both(whole.any, r.negate(whole.all)));
  auto outer = scf::ForOp::create(
      b, zero, r.select(needed, queries.count, zero), one, ValueRange{r.both(whole.any, r.negate(needed)), r.either(whole.all, needed)},
      [&](OpBuilder &outerBuilder, Location loc, Value i, ValueRange soFar) {
        ImplicitLocOpBuilder at(loc, outerBuilder);
        RangeBuilder ro(at);
        TileBox piece = box;
        std::tie(piece.q0, piece.q1) = emitPiece(ro, queries, i);
        // A box that is known to be partial stays so.
        Value isPartial = ro.both(soFar[0], ro.negate(soFar[1]));
        auto inner = scf::ForOp::create(at, ro.constant(0), ro.select(isPartial, ro.constant(0), keys.count), ro.constant(1), soFar,
                                        [&](OpBuilder &innerBuilder, Location, Value j, ValueRange state) {
                                          ImplicitLocOpBuilder in(loc, innerBuilder);
                                          RangeBuilder ri(in);
                                          std::tie(piece.k0, piece.k1) = emitPiece(ri, keys, j);
                                          Tri found = classify(in, piece);
                                          scf::YieldOp::create(in, ValueRange{ri.either(state[0], found.any), ri.both(state[1], found.all)});
                                        });
        scf::YieldOp::create(at, inner.getResults());
      });
  return {outer.getResult(0), outer.getResult(1)};
}

} // namespace lacuna
