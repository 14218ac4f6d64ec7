// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/RangeOps.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

uint64_t magnitude(const Range &x) {
  auto size = [](int64_t v) { return v < 0 ? 0 - static_cast<uint64_t>(v) : static_cast<uint64_t>(v); };
  return std::max(size(x.min), size(x.max));
}

/// Range of f over the corners of x and y: right for every f that is monotone in each operand while the other one is fixed.
Range corners(RangeBuilder &r, const Range &x, const Range &y, function_ref<Value(Value, Value)> f) {
  SmallVector<Value> values{f(x.lo, y.lo)};
  if (!x.isUniform())
    values.push_back(f(x.hi, y.lo));
  if (!y.isUniform()) {
    values.push_back(f(x.lo, y.hi));
    if (!x.isUniform())
      values.push_back(f(x.hi, y.hi));
  }
  Value lo = values[0], hi = values[0];
  for (Value value : ArrayRef(values).drop_front()) {
    lo = r.smin(lo, value);
    hi = r.smax(hi, value);
  }
  return {lo, hi, INT64_MIN, INT64_MAX};
}

Range within(Range x, int64_t min, int64_t max) {
  x.min = min;
  x.max = max;
  return x;
}

/// Quotient of one value by a positive one; `min` is a static bound of x.
Value quotient(RangeBuilder &r, Value x, Value y, int64_t min, Rounding rounding) {
  auto div = [&](Value a) { return r.b.createOrFold<arith::DivSIOp>(a, y); };
  Value one = r.constant(1);
  switch (rounding) {
  case Rounding::Zero:
    return div(x);
  case Rounding::Down:
    if (min >= 0)
      return div(x);
    return r.select(r.compare(CmpIPredicate::sge, x, r.constant(0)), div(x), r.sub(div(r.add(x, one)), one));
  case Rounding::Up:
    return r.select(r.compare(CmpIPredicate::sgt, x, r.constant(0)), r.add(div(r.sub(x, one)), one), div(x));
  }
  llvm_unreachable("covered switch");
}

/// Assumes a positive divisor, and makes its ends positive in any case: nothing traps where the assumption fails.
void makePositive(RangeBuilder &r, Range &y) {
  if (y.min >= 1)
    return;
  bool uniform = y.isUniform();
  r.assumeWithin(y, 1, std::max<int64_t>(y.max, 1));
  y.lo = r.smax(y.lo, r.constant(1));
  y.hi = uniform ? y.lo : r.smax(y.hi, r.constant(1));
}

/// All bits at and below the highest set bit of a non-negative x.
Value fillBelow(RangeBuilder &r, Value x) {
  for (int64_t shift : {1, 2, 4, 8, 16, 32})
    x = r.b.createOrFold<arith::OrIOp>(x, r.b.createOrFold<arith::ShRUIOp>(x, r.constant(shift)));
  return x;
}

/// 2^n - 1 such that [-2^n, 2^n) holds both operands, and so the result of any bit operation on them.
int64_t powerBound(const Range &x, const Range &y) {
  uint64_t bound = std::max(magnitude(x), magnitude(y));
  return bound >= static_cast<uint64_t>(RangeBuilder::limit) ? INT64_MAX : static_cast<int64_t>(llvm::NextPowerOf2(bound)) - 1;
}

} // namespace

Range rangeMul(RangeBuilder &r, Range x, Range y) {
  if (llvm::SaturatingMultiply(magnitude(x), magnitude(y)) > static_cast<uint64_t>(RangeBuilder::limit)) {
    constexpr int64_t half = int64_t(1) << 30;
    bool narrowX = magnitude(x) > static_cast<uint64_t>(half), narrowY = magnitude(y) > static_cast<uint64_t>(half);
    int64_t boundX = narrowY ? half : RangeBuilder::limit / static_cast<int64_t>(magnitude(y));
    int64_t boundY = narrowX ? half : RangeBuilder::limit / static_cast<int64_t>(magnitude(x));
    if (narrowX)
      r.assumeWithin(x, -boundX, boundX);
    if (narrowY)
      r.assumeWithin(y, -boundY, boundY);
  }
  int64_t bound = static_cast<int64_t>(magnitude(x) * magnitude(y));
  if (x.min >= 0 && y.min >= 0) {
    Value lo = r.mul(x.lo, y.lo), hi = x.isUniform() && y.isUniform() ? lo : r.mul(x.hi, y.hi);
    return {lo, hi, 0, bound};
  }
  return within(corners(r, x, y, [&](Value a, Value b) { return r.mul(a, b); }), -bound, bound);
}

Range rangeDiv(RangeBuilder &r, Range x, Range y, Rounding rounding) {
  makePositive(r, y);
  auto divide = [&](Value a, Value c) { return quotient(r, a, c, x.min, rounding); };
  // With a positive divisor the quotient lies between 0 (or -1, rounding down) and the dividend.
  int64_t min = std::min<int64_t>(x.min, 0), max = std::max<int64_t>(x.max, 0);
  if (x.isUniform() || !y.isUniform())
    return within(corners(r, x, y, divide), min, max);
  return {divide(x.lo, y.lo), divide(x.hi, y.lo), min, max};
}

Range rangeRem(RangeBuilder &r, Range x, Range y, Rounding rounding) {
  makePositive(r, y);
  Value zero = r.constant(0), one = r.constant(1);
  bool signedResult = rounding == Rounding::Zero && x.min < 0;
  Value most = r.sub(y.hi, one);
  Range wide{signedResult ? r.smax(r.smin(x.lo, zero), r.sub(zero, most)) : zero, most, 0, y.max - 1};
  if (rounding == Rounding::Zero || x.min >= 0)
    wide.hi = r.smin(r.smax(x.hi, zero), most);
  wide.min = signedResult ? std::max(x.min, 1 - y.max) : 0;
  if (!y.isUniform())
    return wide;
  // x - y * quotient: linear, hence exact, while the quotient stays the same.
  Value first = quotient(r, x.lo, y.lo, x.min, rounding), last = x.isUniform() ? first : quotient(r, x.hi, y.lo, x.min, rounding);
  Value lo = r.sub(x.lo, r.mul(first, y.lo)), hi = x.isUniform() ? lo : r.sub(x.hi, r.mul(last, y.lo));
  Value same = r.compare(CmpIPredicate::eq, first, last);
  if (x.isUniform())
    return {lo, lo, wide.min, wide.max};
  return {r.select(same, lo, wide.lo), r.select(same, hi, wide.hi), wide.min, wide.max};
}

Range rangeMin(RangeBuilder &r, const Range &x, const Range &y) {
  Value lo = r.smin(x.lo, y.lo), hi = x.isUniform() && y.isUniform() ? lo : r.smin(x.hi, y.hi);
  return {lo, hi, std::min(x.min, y.min), std::min(x.max, y.max)};
}

Range rangeMax(RangeBuilder &r, const Range &x, const Range &y) {
  Value lo = r.smax(x.lo, y.lo), hi = x.isUniform() && y.isUniform() ? lo : r.smax(x.hi, y.hi);
  return {lo, hi, std::max(x.min, y.min), std::max(x.max, y.max)};
}

Range rangeAbs(RangeBuilder &r, const Range &input) {
  Range x = input;
  r.assumeWithin(x, -RangeBuilder::limit, RangeBuilder::limit);
  Value zero = r.constant(0), flippedLo = r.sub(zero, x.lo), flippedHi = r.sub(zero, x.hi);
  return {r.smax(r.smax(x.lo, flippedHi), zero), r.smax(x.hi, flippedLo), 0, static_cast<int64_t>(magnitude(x))};
}

Range rangeBits(RangeBuilder &r, const Range &x, const Range &y, BitOp op) {
  auto bitAnd = [&](Value a, Value c) { return r.b.createOrFold<arith::AndIOp>(a, c); };
  auto bitOr = [&](Value a, Value c) { return r.b.createOrFold<arith::OrIOp>(a, c); };
  auto bitXor = [&](Value a, Value c) { return r.b.createOrFold<arith::XOrIOp>(a, c); };
  Value zero = r.constant(0), ones = r.constant(-1);
  Value changingX = bitXor(x.lo, x.hi), changingY = bitXor(y.lo, y.hi);
  // Ends of one sign share a prefix; below it every bit may vary.
  Value oneSign = r.both(r.compare(CmpIPredicate::sge, changingX, zero), r.compare(CmpIPredicate::sge, changingY, zero));
  Value looseX = fillBelow(r, changingX), looseY = fillBelow(r, changingY);
  Value mustX = bitAnd(x.lo, bitXor(looseX, ones)), mustY = bitAnd(y.lo, bitXor(looseY, ones));
  Value mayX = bitOr(x.lo, looseX), mayY = bitOr(y.lo, looseY), lo, hi;
  switch (op) {
  case BitOp::And:
    lo = bitAnd(mustX, mustY);
    hi = bitAnd(mayX, mayY);
    break;
  case BitOp::Or:
    lo = bitOr(mustX, mustY);
    hi = bitOr(mayX, mayY);
    break;
  case BitOp::Xor: {
    Value loose = bitOr(looseX, looseY), fixed = bitAnd(bitXor(x.lo, y.lo), bitXor(loose, ones));
    lo = fixed;
    hi = bitOr(fixed, loose);
    break;
  }
  }
  bool nonNegative = x.min >= 0 && y.min >= 0;
  if (nonNegative && op == BitOp::And)
    hi = r.smin(hi, r.smin(x.hi, y.hi));
  if (nonNegative && op == BitOp::Or)
    lo = r.smax(lo, r.smax(x.lo, y.lo));
  int64_t max = powerBound(x, y), min = nonNegative ? 0 : -max - 1;
  return {r.select(oneSign, lo, r.constant(min)), r.select(oneSign, hi, r.constant(max)), min, max};
}

Range rangeShiftLeft(RangeBuilder &r, Range x, Range amount) {
  constexpr int64_t most = 31;
  r.assumeWithin(amount, 0, most);
  auto power = [&](Value shift) {
    Value inWord = r.smin(r.smax(shift, r.constant(0)), r.constant(most));
    return r.b.createOrFold<arith::ShLIOp>(r.constant(1), inWord);
  };
  Value lo = power(amount.lo), hi = amount.isUniform() ? lo : power(amount.hi);
  return rangeMul(r, x, {lo, hi, int64_t(1) << amount.min, int64_t(1) << amount.max});
}

Range rangeShiftRight(RangeBuilder &r, const Range &x, Range amount) {
  constexpr int64_t most = 63;
  bool uniform = amount.isUniform();
  r.assumeWithin(amount, 0, most);
  auto inWord = [&](Value shift) { return r.smin(r.smax(shift, r.constant(0)), r.constant(most)); };
  amount.lo = inWord(amount.lo);
  amount.hi = uniform ? amount.lo : inWord(amount.hi);
  auto shift = [&](Value a, Value c) { return r.b.createOrFold<arith::ShRSIOp>(a, c); };
  return within(corners(r, x, amount, shift), std::min<int64_t>(x.min, 0), std::max<int64_t>(x.max, 0));
}

Range rangeSelect(RangeBuilder &r, Tri condition, const Range &x, const Range &y) {
  Value lo = r.select(condition.all, x.lo, r.select(condition.any, r.smin(x.lo, y.lo), y.lo));
  Value hi = r.select(condition.all, x.hi, r.select(condition.any, r.smax(x.hi, y.hi), y.hi));
  return {lo, hi, std::min(x.min, y.min), std::max(x.max, y.max)};
}

} // namespace lacuna
