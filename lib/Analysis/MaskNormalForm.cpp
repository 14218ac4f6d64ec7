// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/MaskNormalForm.h"

using namespace mlir;

namespace lacuna {
namespace {

constexpr size_t kMaxTerms = 8;
using Terms = SmallVector<MaskTerm>; // one to kMaxTerms

Terms normalize(Value mask, bool negated);

MaskTerm opaque(Value mask, bool negated) { return {{}, {{mask, negated}}}; }

void append(MaskTerm &term, const MaskTerm &more) {
  llvm::append_range(term.intervals, more.intervals);
  llvm::append_range(term.opaque, more.opaque);
}

/// One term for a mask that has several: its factors of one term as they are, the others as literals.
MaskTerm collapse(Value mask, bool negated) {
  Operation *op = mask.getDefiningOp();
  if (auto negation = dyn_cast<attn::NotOp>(op))
    return collapse(negation.getOperand(), !negated);
  if (negated ? !isa<attn::OrOp>(op) : !isa<attn::AndOp>(op))
    return opaque(mask, negated);
  MaskTerm term;
  for (Value operand : op->getOperands()) {
    Terms factor = normalize(operand, negated);
    append(term, factor.size() == 1 ? factor.front() : opaque(operand, negated));
  }
  return term;
}

/// The union of `masks`, or, where that has too many terms, one in which the longest masks are collapsed. More masks than terms: none.
std::optional<Terms> unite(ValueRange masks, bool negated) {
  SmallVector<Terms> parts = llvm::map_to_vector(masks, [&](Value mask) { return normalize(mask, negated); });
  auto size = [](const Terms &x) { return x.size(); };
  while (llvm::sum_of(llvm::map_range(parts, size)) > kMaxTerms) {
    auto longest = llvm::max_element(parts, [&](const Terms &x, const Terms &y) { return x.size() < y.size(); });
    if (longest->size() == 1)
      return std::nullopt;
    *longest = {collapse(masks[longest - parts.begin()], negated)};
  }
  Terms result;
  for (const Terms &part : parts)
    llvm::append_range(result, part);
  return result;
}

Terms multiply(const Terms &x, const Terms &y) {
  Terms product;
  for (const MaskTerm &left : x)
    for (const MaskTerm &right : y)
      append(product.emplace_back(left), right);
  return product;
}

/// The intersection of `masks`; masks that would make too many terms become literals of every term.
Terms intersect(ValueRange masks, bool negated) {
  SmallVector<std::pair<Value, Terms>> factors;
  size_t count = 1;
  for (Value mask : masks) {
    factors.push_back({mask, normalize(mask, negated)});
    count = std::min(count * factors.back().second.size(), kMaxTerms + 1);
  }
  if (count > kMaxTerms) // short ones first: as many of them as fit
    llvm::stable_sort(factors, [](const auto &x, const auto &y) { return x.second.size() < y.second.size(); });
  Terms result{MaskTerm{}};
  for (const auto &[mask, terms] : factors)
    result = multiply(result, result.size() * terms.size() <= kMaxTerms ? terms : Terms{opaque(mask, negated)});
  return result;
}

/// De Morgan pushes negation down to the literals; the complement of an interval is two half lines.
Terms normalize(Value mask, bool negated) {
  Operation *op = mask.getDefiningOp();
  if (auto negation = dyn_cast_or_null<attn::NotOp>(op))
    return normalize(negation.getOperand(), !negated);
  if (isa_and_nonnull<attn::AndOp, attn::OrOp>(op)) {
    if (isa<attn::AndOp>(op) != negated)
      return intersect(op->getOperands(), negated);
    return unite(op->getOperands(), negated).value_or(Terms{opaque(mask, negated)});
  }
  if (auto interval = dyn_cast_or_null<attn::IntervalOp>(op)) {
    if (!negated)
      return {MaskTerm{{{interval, IntervalLiteral::Inside}}, {}}};
    return {MaskTerm{{{interval, IntervalLiteral::Below}}, {}}, MaskTerm{{{interval, IntervalLiteral::Above}}, {}}};
  }
  return {opaque(mask, negated)};
}

} // namespace

bool MaskTerm::isBounded() const {
  return llvm::any_of(intervals, [&](IntervalLiteral literal) { return opaque.empty() || literal.part != IntervalLiteral::Inside || !literal.op.getImplied(); });
}

bool MaskNormalForm::isIntervalOnly() const {
  return llvm::all_of(terms, [](const MaskTerm &term) { return term.opaque.empty(); });
}

MaskNormalForm normalizeMask(Value mask, bool negated) {
  assert((mask || !negated) && "nothing has no term to say it with");
  if (!mask)
    return {{MaskTerm{}}};
  return {normalize(mask, negated)};
}

} // namespace lacuna
