// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Comparisons, i1 logic and selects under the interval twin.
#include "lib/Analysis/RegionTwinImpl.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {

TwinValue RegionTwin::visitUnsignedCompare(CmpIPredicate predicate, const TwinValue &x, const TwinValue &y) {
  if (predicate == CmpIPredicate::ugt || predicate == CmpIPredicate::uge)
    return visitUnsignedCompare(predicate == CmpIPredicate::ugt ? CmpIPredicate::ult : CmpIPredicate::ule, y, x);
  Range rangeX = range(x), rangeY = range(y);
  if (rangeX.min >= 0 && rangeY.min < 0) { // x < y is not (y <= x), whose bound is not negative
    TwinValue opposite = visitUnsignedCompare(predicate == CmpIPredicate::ult ? CmpIPredicate::ule : CmpIPredicate::ult, y, x);
    return context.boolean(r.negate(opposite.truth));
  }
  // Below a bound that is not negative: 0 <= x and x < y.
  Tri notNegative = r.compareWithZero(CmpIPredicate::sge, rangeX);
  TwinValue below = visitCompare(predicate == CmpIPredicate::ult ? CmpIPredicate::slt : CmpIPredicate::sle, x, y);
  Tri inside = r.both(notNegative, below.truth);
  if (rangeY.min < 0) {
    Value holds = r.compare(CmpIPredicate::sge, rangeY.lo, r.constant(0));
    inside = {r.either(inside.any, r.negate(holds)), r.both(inside.all, holds)};
  }
  return context.boolean(inside);
}

TwinValue RegionTwin::visitCompare(CmpIPredicate predicate, const TwinValue &x, const TwinValue &y) {
  if (x.kind == TwinValue::Boolean && y.kind == TwinValue::Boolean &&
      (predicate == CmpIPredicate::eq || predicate == CmpIPredicate::ne)) {
    Tri differ = r.either(r.both(x.truth, r.negate(y.truth)), r.both(r.negate(x.truth), y.truth));
    return context.boolean(predicate == CmpIPredicate::ne ? differ : r.negate(differ));
  }
  if (x.kind != TwinValue::Integer || y.kind != TwinValue::Integer)
    return context.boolean(r.unknown());
  if (predicate >= CmpIPredicate::ult)
    return visitUnsignedCompare(predicate, x, y);
  std::optional<LinearForm> difference = r.add(x.form, y.form, -1);
  if (!difference)
    return context.boolean(r.unknown());
  TwinValue result = context.boolean(r.compareWithZero(predicate, r.range(*difference)));
  result.difference = difference;
  result.predicate = predicate;
  return result;
}

/// Range of an arm of a select, given that its condition `d predicate 0` holds (or not): an arm that moves with d cannot leave the side of d.
Range RegionTwin::narrowed(const TwinValue &arm, const TwinValue &condition, bool holds) {
  Range known = range(arm);
  if (!condition.difference || condition.difference->isConstant() || r.isUniform(arm.form))
    return known;
  const LinearForm &d = *condition.difference;
  CmpIPredicate predicate = holds ? condition.predicate : arith::invertPredicate(condition.predicate);
  int64_t times = 0;
  for (auto [leaf, factor] : d.terms)
    if (int64_t c = arm.form.coefficient(leaf); c && c % factor == 0)
      times = c / factor;
  std::optional<LinearForm> rest = times ? r.add(arm.form, d, -times) : std::nullopt, scaled = times ? r.scale(d, times) : std::nullopt;
  if (!rest || !scaled || rest->terms.size() >= arm.form.terms.size())
    return known;
  Range side = r.range(d), moved = r.range(*rest);
  bool strict = predicate == CmpIPredicate::slt || predicate == CmpIPredicate::sgt;
  switch (predicate) {
  case CmpIPredicate::slt:
  case CmpIPredicate::sle:
    side.hi = r.smin(side.hi, r.constant(strict ? -1 : 0));
    break;
  case CmpIPredicate::sgt:
  case CmpIPredicate::sge:
    side.lo = r.smax(side.lo, r.constant(strict ? 1 : 0));
    break;
  default:
    return known;
  }
  Value factor = r.constant(times), atLo = r.mul(times > 0 ? side.lo : side.hi, factor), atHi = r.mul(times > 0 ? side.hi : side.lo, factor);
  known.lo = r.smax(known.lo, r.add(moved.lo, atLo));
  known.hi = r.smin(known.hi, r.add(moved.hi, atHi));
  return known;
}

TwinValue RegionTwin::visitSelect(const TwinValue &condition, const TwinValue &x, const TwinValue &y) {
  if (condition.kind != TwinValue::Boolean || x.kind != y.kind || x.kind == TwinValue::Unknown)
    return {};
  const Tri &c = condition.truth;
  if (x.kind == TwinValue::Integer)
    return context.integer(rangeSelect(r, c, narrowed(x, condition, true), narrowed(y, condition, false)));
  return context.boolean({r.either(r.both(c.any, x.truth.any), r.both(r.negate(c.all), y.truth.any)),
                          r.both(r.either(r.negate(c.any), x.truth.all), r.either(c.all, y.truth.all))});
}

TwinValue RegionTwin::visitBoolean(Operation &op, ArrayRef<TwinValue> v) {
  if (v.size() != 2 || v[0].kind != TwinValue::Boolean || v[1].kind != TwinValue::Boolean)
    return context.boolean(r.unknown());
  if (isa<arith::AndIOp>(op))
    return context.boolean(r.both(v[0].truth, v[1].truth));
  if (isa<arith::OrIOp>(op))
    return context.boolean(r.either(v[0].truth, v[1].truth));
  if (isa<arith::XOrIOp>(op))
    return visitCompare(CmpIPredicate::ne, v[0], v[1]);
  return context.boolean(r.unknown());
}

} // namespace lacuna
