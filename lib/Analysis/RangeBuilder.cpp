// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/RangeBuilder.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

/// Largest magnitude in [min, max], saturating.
uint64_t magnitude(const Range &range) {
  uint64_t low = range.min < 0 ? 0 - static_cast<uint64_t>(range.min) : static_cast<uint64_t>(range.min);
  uint64_t high = range.max < 0 ? 0 - static_cast<uint64_t>(range.max) : static_cast<uint64_t>(range.max);
  return std::max(low, high);
}

uint64_t magnitude(int64_t x) { return magnitude(Range{{}, {}, x, x}); }

} // namespace

int64_t LinearForm::coefficient(unsigned leaf) const {
  for (auto [other, factor] : terms)
    if (other == leaf)
      return factor;
  return 0;
}

Value RangeBuilder::constant(int64_t value) { return arith::ConstantIndexOp::create(b, value); }
Value RangeBuilder::boolean(bool value) { return arith::ConstantOp::create(b, b.getBoolAttr(value)); }
Value RangeBuilder::add(Value x, Value y) { return b.createOrFold<arith::AddIOp>(x, y); }
Value RangeBuilder::sub(Value x, Value y) { return b.createOrFold<arith::SubIOp>(x, y); }
Value RangeBuilder::mul(Value x, Value y) { return b.createOrFold<arith::MulIOp>(x, y); }
Value RangeBuilder::smin(Value x, Value y) { return x == y ? x : b.createOrFold<arith::MinSIOp>(x, y); }
Value RangeBuilder::smax(Value x, Value y) { return x == y ? x : b.createOrFold<arith::MaxSIOp>(x, y); }
Value RangeBuilder::both(Value x, Value y) { return x == y ? x : b.createOrFold<arith::AndIOp>(x, y); }
Value RangeBuilder::either(Value x, Value y) { return x == y ? x : b.createOrFold<arith::OrIOp>(x, y); }
Value RangeBuilder::negate(Value x) { return b.createOrFold<arith::XOrIOp>(x, boolean(true)); }
Value RangeBuilder::compare(CmpIPredicate predicate, Value x, Value y) { return b.createOrFold<arith::CmpIOp>(predicate, x, y); }
Value RangeBuilder::select(Value condition, Value x, Value y) {
  return x == y ? x : b.createOrFold<arith::SelectOp>(condition, x, y);
}

Tri RangeBuilder::underAssumptions(Tri x) {
  for (Value holds : assumptions)
    x = {either(x.any, negate(holds)), both(x.all, holds)};
  return x;
}

LinearForm RangeBuilder::leaf(Range range) {
  if (auto lo = getConstantIntValue(range.lo))
    range.min = *lo;
  if (auto hi = getConstantIntValue(range.hi))
    range.max = *hi;
  LinearForm form;
  if (range.isUniform() && range.min == range.max) {
    form.constant = range.min;
    return form;
  }
  form.terms.push_back({leaves.size(), 1});
  leaves.push_back(range);
  return form;
}

/// Makes sure that the form, and every partial sum of it, stays within +-limit: statically, or by assuming smaller leaves.
bool RangeBuilder::settle(const LinearForm &form) {
  uint64_t sum = magnitude(form.constant);
  if (sum > limit / 2)
    return false;
  bool fits = true;
  for (auto [leaf, factor] : form.terms) {
    uint64_t product = llvm::SaturatingMultiply(magnitude(leaves[leaf]), magnitude(factor));
    fits &= (sum = llvm::SaturatingAdd(sum, product)) <= static_cast<uint64_t>(limit);
  }
  if (fits)
    return true;
  for (auto [leaf, factor] : form.terms) {
    uint64_t share = static_cast<uint64_t>(limit) / 2 / form.terms.size() / magnitude(factor);
    if (share == 0)
      return false;
    assumeWithin(leaves[leaf], -static_cast<int64_t>(share), static_cast<int64_t>(share));
  }
  return true;
}

std::optional<LinearForm> RangeBuilder::scale(const LinearForm &x, int64_t factor) { return add(LinearForm{}, x, factor); }

std::optional<LinearForm> RangeBuilder::add(const LinearForm &x, const LinearForm &y, int64_t factor) {
  LinearForm sum;
  int64_t product;
  if (llvm::MulOverflow(y.constant, factor, product) || llvm::AddOverflow(x.constant, product, sum.constant))
    return std::nullopt;
  const auto *i = x.terms.begin(), *j = y.terms.begin();
  while (i != x.terms.end() || j != y.terms.end()) {
    bool takeX = j == y.terms.end() || (i != x.terms.end() && i->first <= j->first);
    bool takeY = i == x.terms.end() || (j != y.terms.end() && j->first <= i->first);
    unsigned leaf = takeX ? i->first : j->first;
    int64_t coefficient = takeX ? (i++)->second : 0;
    if (takeY && (llvm::MulOverflow((j++)->second, factor, product) || llvm::AddOverflow(coefficient, product, coefficient)))
      return std::nullopt;
    if (coefficient)
      sum.terms.push_back({leaf, coefficient});
  }
  if (!settle(sum))
    return std::nullopt;
  return sum;
}

Range RangeBuilder::range(const LinearForm &form) {
  Range result = plainRange(form);
  if (isUniform(form))
    return result;
  for (const Relation &relation : relations) {
    std::optional<LinearForm> other = rewrite(form, relation);
    if (!other || countRanged(*other) > countRanged(form))
      continue;
    Range tighter = plainRange(*other);
    result = {smax(result.lo, tighter.lo), smin(result.hi, tighter.hi), std::max(result.min, tighter.min), std::min(result.max, tighter.max)};
  }
  return result;
}

void RangeBuilder::relate(const LinearForm &whole, int64_t factor, unsigned part, unsigned rest) {
  relations.push_back({whole, factor, part, rest});
}

/// Replaces one side of the relation by the other: factor * part by whole - rest, or rest by whole - factor * part.
std::optional<LinearForm> RangeBuilder::rewrite(const LinearForm &form, const Relation &relation) {
  auto single = [](unsigned leaf) {
    LinearForm x;
    x.terms.push_back({leaf, 1});
    return x;
  };
  int64_t part = form.coefficient(relation.part), rest = form.coefficient(relation.rest);
  if ((part == 0) == (rest == 0) || part % relation.factor)
    return std::nullopt;
  int64_t times = part ? part / relation.factor : rest;
  std::optional<LinearForm> x = add(form, relation.whole, times);
  if (x)
    x = add(*x, single(relation.part), part ? -part : -times * relation.factor);
  return x ? add(*x, single(relation.rest), -times) : std::nullopt;
}

size_t RangeBuilder::countRanged(const LinearForm &form) const {
  return llvm::count_if(form.terms, [&](auto term) { return !leaves[term.first].isUniform(); });
}

Range RangeBuilder::plainRange(const LinearForm &form) {
  if (form.terms.size() == 1 && form.terms[0].second == 1 && form.constant == 0)
    return leaves[form.terms[0].first];
  Value base = constant(form.constant);
  Range sum{base, base, form.constant, form.constant};
  // Uniform terms first: their sum has one value.
  for (bool uniform : {true, false})
    for (auto [index, factor] : form.terms) {
      const Range &leaf = leaves[index];
      if (leaf.isUniform() != uniform)
        continue;
      bool keep = factor > 0;
      Value scaledLo = mul(keep ? leaf.lo : leaf.hi, constant(factor)), scaledHi = scaledLo;
      if (!uniform)
        scaledHi = mul(keep ? leaf.hi : leaf.lo, constant(factor));
      bool same = uniform && sum.isUniform();
      sum.lo = add(sum.lo, scaledLo);
      sum.hi = same ? sum.lo : add(sum.hi, scaledHi);
      sum.min += (keep ? leaf.min : leaf.max) * factor;
      sum.max += (keep ? leaf.max : leaf.min) * factor;
    }
  return sum;
}

bool RangeBuilder::isUniform(const LinearForm &form) const {
  return llvm::all_of(form.terms, [&](auto term) { return leaves[term.first].isUniform(); });
}

void RangeBuilder::assume(Value condition) {
  if (!isConstantIntValue(condition, -1) && !isConstantIntValue(condition, 1))
    assumptions.push_back(condition);
}

void RangeBuilder::assumeWithin(Range &range, int64_t min, int64_t max) {
  if (range.min < min) {
    assume(compare(CmpIPredicate::sge, range.lo, constant(min)));
    range.min = min;
    range.max = std::max(range.max, min);
  }
  if (range.max > max) {
    assume(compare(CmpIPredicate::sle, range.hi, constant(max)));
    range.max = max;
    range.min = std::min(range.min, max);
  }
}

Tri RangeBuilder::compareWithZero(CmpIPredicate predicate, const Range &x) {
  Value zero = constant(0);
  switch (predicate) {
  case CmpIPredicate::slt:
  case CmpIPredicate::sle:
    return {compare(predicate, x.lo, zero), compare(predicate, x.hi, zero)};
  case CmpIPredicate::sgt:
  case CmpIPredicate::sge:
    return {compare(predicate, x.hi, zero), compare(predicate, x.lo, zero)};
  case CmpIPredicate::eq: {
    if (x.isUniform()) {
      Value equal = compare(predicate, x.lo, zero);
      return {equal, equal};
    }
    return {both(compare(CmpIPredicate::sle, x.lo, zero), compare(CmpIPredicate::sge, x.hi, zero)),
            both(compare(CmpIPredicate::eq, x.lo, zero), compare(CmpIPredicate::eq, x.hi, zero))};
  }
  case CmpIPredicate::ne:
    return negate(compareWithZero(CmpIPredicate::eq, x));
  default:
    llvm_unreachable("unsigned comparisons have no sign to compare with zero");
  }
}

} // namespace lacuna
