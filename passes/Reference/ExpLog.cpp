// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// exp: x = n ln 2 + r with |r| <= ln 2 / 2, Taylor polynomial of degree 13 (remainder 4e-18), exponent set by integer
// arithmetic. log: x = 2^e m with m in [sqrt 1/2, sqrt 2), log m = 2 artanh((m - 1) / (m + 1)) as its series (|s| <=
// 0.172, 11 terms: 1e-18).
#include "passes/Reference/ExpLog.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace {

// ln 2 as a sum: n * ln2Hi is exact for |n| < 2^20.
constexpr double ln2Hi = 0x1.62e42fee00000p-1, ln2Lo = 0x1.a39ef35793c76p-33, log2E = 1.4426950408889634;
constexpr double leastExponent = -700.0;

struct Emitter {
  ImplicitLocOpBuilder &b;

  Value number(double v) { return arith::ConstantOp::create(b, b.getF64FloatAttr(v)); }
  Value integer(int64_t v) { return arith::ConstantOp::create(b, b.getI64IntegerAttr(v)); }
  Value add(Value x, Value y) { return arith::AddFOp::create(b, x, y); }
  Value sub(Value x, Value y) { return arith::SubFOp::create(b, x, y); }
  Value mul(Value x, Value y) { return arith::MulFOp::create(b, x, y); }
  Value div(Value x, Value y) { return arith::DivFOp::create(b, x, y); }
  Value compare(arith::CmpFPredicate p, Value x, Value y) { return arith::CmpFOp::create(b, p, x, y); }
  Value select(Value c, Value x, Value y) { return arith::SelectOp::create(b, c, x, y); }
  Value toFloat(Value i) { return arith::SIToFPOp::create(b, b.getF64Type(), i); }
  Value asBits(Value x) { return arith::BitcastOp::create(b, b.getI64Type(), x); }
  Value fromBits(Value i) { return arith::BitcastOp::create(b, b.getF64Type(), i); }

  /// `result`, or `x` itself where x is NaN.
  Value keepNan(Value x, Value result) { return select(compare(arith::CmpFPredicate::UNO, x, x), x, result); }

  /// 1 + x c[1] + x² c[2] + …, by Horner's rule.
  Value polynomial(Value x, ArrayRef<double> coefficients) {
    Value sum = number(coefficients.back());
    for (double c : llvm::reverse(coefficients.drop_back()))
      sum = add(mul(sum, x), number(c));
    return sum;
  }
};

} // namespace

Value lacuna::emitExpOfNonPositive(ImplicitLocOpBuilder &b, Value input) {
  Emitter e{b};
  Value least = e.number(leastExponent);
  Value inRange = e.compare(arith::CmpFPredicate::OGT, input, least);
  Value x = e.select(inRange, input, least);
  // x <= 0, so truncating x log2(e) - 1/2 rounds to nearest.
  Value n = arith::FPToSIOp::create(b, b.getI64Type(), e.sub(e.mul(x, e.number(log2E)), e.number(0.5)));
  Value nf = e.toFloat(n);
  Value r = e.sub(e.sub(x, e.mul(nf, e.number(ln2Hi))), e.mul(nf, e.number(ln2Lo)));
  SmallVector<double> taylor{1.0};
  for (int i = 1; i <= 13; ++i)
    taylor.push_back(taylor.back() / i);
  Value exponent = arith::ShLIOp::create(b, arith::AddIOp::create(b, n, e.integer(1023)), e.integer(52));
  Value result = e.mul(e.polynomial(r, taylor), e.fromBits(exponent));
  return e.keepNan(input, e.select(inRange, result, e.number(0.0)));
}

Value lacuna::emitLog(ImplicitLocOpBuilder &b, Value x) {
  Emitter e{b};
  Value bits = e.asBits(x);
  Value exponent = arith::SubIOp::create(b, arith::ShRUIOp::create(b, bits, e.integer(52)), e.integer(1023));
  Value fraction = arith::AndIOp::create(b, bits, e.integer((int64_t(1) << 52) - 1));
  Value m = e.fromBits(arith::OrIOp::create(b, fraction, e.integer(int64_t(1023) << 52)));
  Value high = e.compare(arith::CmpFPredicate::OGT, m, e.number(1.4142135623730951));
  m = e.select(high, e.mul(m, e.number(0.5)), m);
  Value ef = e.toFloat(e.select(high, arith::AddIOp::create(b, exponent, e.integer(1)), exponent));
  Value s = e.div(e.sub(m, e.number(1.0)), e.add(m, e.number(1.0)));
  SmallVector<double> series;
  for (int i = 0; i < 11; ++i)
    series.push_back(2.0 / (2 * i + 1));
  Value logM = e.mul(s, e.polynomial(e.mul(s, s), series));
  return e.keepNan(x, e.add(e.mul(ef, e.number(ln2Hi)), e.add(logM, e.mul(ef, e.number(ln2Lo)))));
}
