// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Integers under the interval twin.
#include "lib/Analysis/RegionTwinImpl.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace lacuna {

TwinValue RegionTwin::linear(std::optional<LinearForm> form) {
  TwinValue result;
  if (form) {
    result.kind = TwinValue::Integer;
    result.form = *form;
  }
  return result;
}

/// A result of a narrow type wraps: assume that it does not.
TwinValue RegionTwin::inWord(TwinValue x, Type type) {
  if (x.kind != TwinValue::Integer || widthOf(type) >= 64)
    return x;
  Range known = range(x);
  int64_t half = int64_t(1) << (widthOf(type) - 1);
  r.assumeWithin(known, -half, half - 1);
  return x;
}

TwinValue RegionTwin::multiply(const TwinValue &x, const TwinValue &y) {
  if (y.form.isConstant())
    return linear(r.scale(x.form, y.form.constant));
  if (x.form.isConstant())
    return linear(r.scale(y.form, x.form.constant));
  TwinValue product = context.integer(rangeMul(r, range(x), range(y)));
  for (bool swap : {false, true}) {
    const LinearForm &factor = swap ? y.form : x.form, &other = swap ? x.form : y.form;
    for (const Quotient &q : quotients) {
      bool isQuotient = factor.constant == 0 && factor.terms.size() == 1 && factor.terms[0] == std::pair(q.leaf, int64_t(1));
      if (!isQuotient || q.divisor.constant != other.constant || q.divisor.terms != other.terms || product.form.isConstant())
        continue;
      LinearForm rest = r.leaf(rangeRem(r, r.range(q.dividend), r.range(q.divisor), q.rounding));
      if (!rest.isConstant())
        r.relate(q.dividend, 1, product.form.terms[0].first, rest.terms[0].first);
      return product;
    }
  }
  return product;
}

/// A coordinate itself, moved by anything but the other one, is divided by a uniform value: of several divisors the least constant is kept. (A document's
/// start is one value on most boxes, although its range does not say so.)
void RegionTwin::notePeriod(const TwinValue &dividend, const TwinValue &divisor) {
  if (!r.isUniform(divisor.form) || (divisor.form.isConstant() && divisor.form.constant <= 1))
    return;
  auto factorOf = [&](const TwinValue &side) { return side.form.terms.size() == 1 ? dividend.form.coefficient(side.form.terms[0].first) : 0; };
  for (auto [side, other, period] : {std::tuple(&context.query, &context.key, &context.queryPeriod),
                                     std::tuple(&context.key, &context.query, &context.keyPeriod)}) {
    if (factorOf(*side) != 1 || factorOf(*other) != 0)
      continue;
    std::optional<LinearForm> offset = r.add(dividend.form, side->form, -1);
    if (!offset)
      continue;
    std::optional<int64_t> known = *period ? getConstantIntValue((*period)->length) : std::nullopt;
    if (!*period || (known && divisor.form.isConstant() && divisor.form.constant < *known))
      *period = Period{r.range(*offset).lo, r.range(divisor.form).lo};
  }
}

/// The tile of a coordinate, if it is one.
AlignedTile RegionTwin::tileOf(const TwinValue &x) const {
  for (auto [side, tile] : {std::pair(&context.query, context.box.queryTile), std::pair(&context.key, context.box.keyTile)})
    if (x.form.constant == 0 && x.form.terms == side->form.terms && !x.form.isConstant())
      return tile;
  return {};
}

/// The tile, and with it the box, lies in one block.
TwinValue RegionTwin::divideInBlock(const TwinValue &x, Value tile, int64_t block, bool remainder) {
  Value size = r.constant(block);
  TwinValue number = context.uniform(r.b.createOrFold<arith::DivUIOp>(tile, size));
  if (!number.form.isConstant())
    number.form = r.uniform(number.exact, 0, INT32_MAX / block);
  Range whole = range(x);
  Value first = r.mul(number.exact, size);
  TwinValue rest = context.integer({r.sub(whole.lo, first), r.sub(whole.hi, first), 0, block - 1});
  if (!number.form.isConstant() && !rest.form.isConstant())
    r.relate(x.form, block, number.form.terms[0].first, rest.form.terms[0].first);
  return remainder ? rest : number;
}

TwinValue RegionTwin::divide(const TwinValue &x, const TwinValue &y, Rounding rounding, bool remainder) {
  AlignedTile tile = tileOf(x);
  if (int64_t block = y.form.constant; tile.size && rounding != Rounding::Up && y.form.isConstant() && block > 0 && block % tile.size == 0)
    return divideInBlock(x, tile.first, block, remainder);
  notePeriod(x, y);
  Range dividend = range(x), divisor = range(y);
  if (rounding == Rounding::Zero && dividend.min >= 0)
    rounding = Rounding::Down;
  LinearForm quotient = r.leaf(rangeDiv(r, dividend, divisor, rounding));
  if (rounding == Rounding::Up)
    return linear(quotient);
  TwinValue rest = remainder ? context.integer(rangeRem(r, dividend, divisor, rounding)) : TwinValue();
  if (!quotient.isConstant() && y.form.isConstant() && y.form.constant > 0) {
    LinearForm part = remainder ? rest.form : r.leaf(rangeRem(r, dividend, divisor, rounding));
    if (!part.isConstant())
      r.relate(x.form, y.form.constant, quotient.terms[0].first, part.terms[0].first);
  } else if (!quotient.isConstant() && !remainder && r.isUniform(y.form)) {
    quotients.push_back({quotient.terms[0].first, x.form, y.form, rounding});
  }
  return remainder ? rest : linear(quotient);
}

/// Minimum or maximum; keeps the linear form of an operand that is always the one.
TwinValue RegionTwin::choose(const TwinValue &x, const TwinValue &y, bool least) {
  Range rangeX = range(x), rangeY = range(y);
  if (rangeX.max <= rangeY.min)
    return linear(least ? x.form : y.form);
  if (rangeY.max <= rangeX.min)
    return linear(least ? y.form : x.form);
  return context.integer(least ? rangeMin(r, rangeX, rangeY) : rangeMax(r, rangeX, rangeY));
}

TwinValue RegionTwin::visitInteger(Operation &op, ArrayRef<TwinValue> v) {
  if (llvm::any_of(v, [](const TwinValue &x) { return x.kind != TwinValue::Integer; }))
    return {};
  auto other = [&](auto f) { return context.integer(f(r, range(v[0]), range(v[1]))); };
  auto otherUnsigned = [&](auto f) { return context.integer(f(r, nonNegative(v[0]), nonNegative(v[1]))); };
  auto bits = [&](BitOp bit) { return context.integer(rangeBits(r, range(v[0]), range(v[1]), bit)); };
  auto assumeUnsigned = [&] { nonNegative(v[0]); }; // the divisor is positive in any case
  return TypeSwitch<Operation *, TwinValue>(&op)
      .Case<arith::AddIOp>([&](auto) { return linear(r.add(v[0].form, v[1].form)); })
      .Case<arith::SubIOp>([&](auto) { return linear(r.add(v[0].form, v[1].form, -1)); })
      .Case<arith::MulIOp>([&](auto) { return multiply(v[0], v[1]); })
      .Case<arith::FloorDivSIOp>([&](auto) { return divide(v[0], v[1], Rounding::Down, false); })
      .Case<arith::CeilDivSIOp>([&](auto) { return divide(v[0], v[1], Rounding::Up, false); })
      .Case<arith::DivSIOp>([&](auto) { return divide(v[0], v[1], Rounding::Zero, false); })
      .Case<arith::RemSIOp>([&](auto) { return divide(v[0], v[1], Rounding::Zero, true); })
      .Case<arith::DivUIOp>([&](auto) { return assumeUnsigned(), divide(v[0], v[1], Rounding::Down, false); })
      .Case<arith::CeilDivUIOp>([&](auto) { return assumeUnsigned(), divide(v[0], v[1], Rounding::Up, false); })
      .Case<arith::RemUIOp>([&](auto) { return assumeUnsigned(), divide(v[0], v[1], Rounding::Down, true); })
      .Case<arith::MinSIOp>([&](auto) { return choose(v[0], v[1], true); })
      .Case<arith::MaxSIOp>([&](auto) { return choose(v[0], v[1], false); })
      .Case<arith::MinUIOp>([&](auto) { return otherUnsigned(rangeMin); })
      .Case<arith::MaxUIOp>([&](auto) { return otherUnsigned(rangeMax); })
      .Case<math::AbsIOp>([&](auto) { return context.integer(rangeAbs(r, range(v[0]))); })
      .Case<arith::AndIOp>([&](auto) { return bits(BitOp::And); })
      .Case<arith::OrIOp>([&](auto) { return bits(BitOp::Or); })
      .Case<arith::XOrIOp>([&](auto) { return bits(BitOp::Xor); })
      .Case<arith::ShLIOp>([&](auto) { return other(rangeShiftLeft); })
      .Case<arith::ShRSIOp>([&](auto) { return other(rangeShiftRight); })
      .Case<arith::ShRUIOp>([&](auto) { return context.integer(rangeShiftRight(r, nonNegative(v[0]), range(v[1]))); })
      .Default([](Operation *) { return TwinValue(); });
}

TwinValue RegionTwin::visitCast(Operation &op, const TwinValue &x) {
  bool isUnsigned = isa<arith::ExtUIOp, arith::IndexCastUIOp>(op);
  Type type = op.getResult(0).getType();
  if (x.kind == TwinValue::Boolean && isInteger(type)) {
    // Zero extension of i1 is 0 or 1, sign extension 0 or -1.
    Value zero = r.constant(0), one = r.constant(isUnsigned ? 1 : -1);
    Value ifAll = r.select(x.truth.all, one, zero), ifAny = r.select(x.truth.any, one, zero);
    return context.integer(isUnsigned ? Range{ifAll, ifAny, 0, 1} : Range{ifAny, ifAll, -1, 0});
  }
  if (x.kind != TwinValue::Integer || !isInteger(type))
    return {};
  bool widens = widthOf(type) > widthOf(op.getOperand(0).getType());
  if (widens && isUnsigned)
    nonNegative(x);
  return widens ? x : inWord(x, type);
}

} // namespace lacuna
