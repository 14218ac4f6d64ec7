// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ranges of integers at run time, as scalar IR on `index`: linear forms over leaves whose two ends are known.
//
// Linear terms are collected before a range is formed, so q - q is 0 and uniform values (lengths, windows) cancel. Static bounds travel along to prove
// that nothing wraps; what they cannot prove becomes an assumption, checked at run time. It knows no masks: RegionTwin.h applies it to regions.
#pragma once

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <optional>

namespace lacuna {

/// Three-valued truth over a box, two i1: true somewhere (or not known), true everywhere.
struct Tri {
  mlir::Value any, all;
};

/// Inclusive ends as `index` values, and static bounds: min <= lo, hi <= max.
struct Range {
  mlir::Value lo, hi;
  int64_t min, max;
  bool isUniform() const { return lo == hi; }
};

/// constant + sum of coefficient * leaf, leaves ascending and coefficients not zero.
struct LinearForm {
  int64_t constant = 0;
  llvm::SmallVector<std::pair<unsigned, int64_t>, 4> terms;

  bool isConstant() const { return terms.empty(); }
  int64_t coefficient(unsigned leaf) const;
};

class RangeBuilder {
public:
  /// Static bounds of sums and products stay within +-limit, so that a sum of two still fits 64 bits.
  static constexpr int64_t limit = int64_t(1) << 61;

  explicit RangeBuilder(mlir::ImplicitLocOpBuilder &b) : b(b) {}
  mlir::ImplicitLocOpBuilder &b;

  // Scalars, folded where constant.
  mlir::Value constant(int64_t value);
  mlir::Value boolean(bool value);
  mlir::Value add(mlir::Value x, mlir::Value y);
  mlir::Value sub(mlir::Value x, mlir::Value y);
  mlir::Value mul(mlir::Value x, mlir::Value y);
  mlir::Value smin(mlir::Value x, mlir::Value y);
  mlir::Value smax(mlir::Value x, mlir::Value y);
  mlir::Value both(mlir::Value x, mlir::Value y);
  mlir::Value either(mlir::Value x, mlir::Value y);
  mlir::Value negate(mlir::Value x);
  mlir::Value compare(mlir::arith::CmpIPredicate predicate, mlir::Value x, mlir::Value y);
  mlir::Value select(mlir::Value condition, mlir::Value x, mlir::Value y);

  // Three-valued logic.
  Tri unknown() { return {boolean(true), boolean(false)}; }
  Tri both(Tri x, Tri y) { return {both(x.any, y.any), both(x.all, y.all)}; }
  Tri either(Tri x, Tri y) { return {either(x.any, y.any), either(x.all, y.all)}; }
  Tri negate(Tri x) { return {negate(x.all), negate(x.any)}; }
  /// `x` where the assumptions hold, else unknown.
  Tri underAssumptions(Tri x);

  // Linear forms. Null where 64 bits can never be enough.
  LinearForm leaf(Range range);
  LinearForm uniform(mlir::Value index, int64_t min, int64_t max) { return leaf({index, index, min, max}); }
  std::optional<LinearForm> add(const LinearForm &x, const LinearForm &y, int64_t factor = 1);
  std::optional<LinearForm> scale(const LinearForm &x, int64_t factor);
  Range range(const LinearForm &form);
  /// Records whole = factor * part + rest between leaves: range() then reads a form either way and keeps what is tighter.
  void relate(const LinearForm &whole, int64_t factor, unsigned part, unsigned rest);
  bool isUniform(const LinearForm &form) const;

  /// Everything built so far is right only where `condition` holds.
  void assume(mlir::Value condition);
  /// Assumes that the range lies in [min, max], unless that is known.
  void assumeWithin(Range &range, int64_t min, int64_t max);

  /// x predicate 0 (signed or eq/ne) for all and for some x of the range.
  Tri compareWithZero(mlir::arith::CmpIPredicate predicate, const Range &x);

private:
  struct Relation {
    LinearForm whole;
    int64_t factor;
    unsigned part, rest;
  };
  bool settle(const LinearForm &form);
  Range plainRange(const LinearForm &form);
  std::optional<LinearForm> rewrite(const LinearForm &form, const Relation &relation);
  size_t countRanged(const LinearForm &form) const;

  llvm::SmallVector<Range> leaves;
  llvm::SmallVector<Relation> relations;
  llvm::SmallVector<mlir::Value> assumptions;
};

} // namespace lacuna
