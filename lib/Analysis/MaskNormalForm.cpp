// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/MaskNormalForm.h"

using namespace mlir;

namespace lacuna {
namespace {

constexpr size_t kMaxTerms = 8;
using Terms = SmallVector<MaskTerm>;

Terms normalize(Value mask, bool negated);

Terms unite(ValueRange masks, bool negated) {
  Terms result;
  for (Value mask : masks)
    llvm::append_range(result, normalize(mask, negated));
  return result;
}

Terms intersect(ValueRange masks, bool negated) {
  Terms result{MaskTerm{}};
  for (Value mask : masks) {
    Terms factor = normalize(mask, negated), product;
    for (const MaskTerm &x : result)
      for (const MaskTerm &y : factor) {
        MaskTerm term = x;
        llvm::append_range(term.intervals, y.intervals);
        llvm::append_range(term.opaque, y.opaque);
        product.push_back(term);
      }
    result = std::move(product);
    if (result.size() > kMaxTerms)
      break; // the caller falls back, no need to grow further
  }
  return result;
}

/// De Morgan pushes negation down to the literals; the complement of an interval is two half lines.
Terms normalize(Value mask, bool negated) {
  Operation *op = mask.getDefiningOp();
  if (auto negation = dyn_cast_or_null<attn::NotOp>(op))
    return normalize(negation.getOperand(), !negated);
  if (isa_and_nonnull<attn::AndOp>(op))
    return negated ? unite(op->getOperands(), true) : intersect(op->getOperands(), false);
  if (isa_and_nonnull<attn::OrOp>(op))
    return negated ? intersect(op->getOperands(), true) : unite(op->getOperands(), false);
  if (auto interval = dyn_cast_or_null<attn::IntervalOp>(op)) {
    if (!negated)
      return {MaskTerm{{{interval, IntervalLiteral::Inside}}, {}}};
    return {MaskTerm{{{interval, IntervalLiteral::Below}}, {}}, MaskTerm{{{interval, IntervalLiteral::Above}}, {}}};
  }
  return {MaskTerm{{}, {{mask, negated}}}};
}

} // namespace

bool MaskNormalForm::isIntervalOnly() const {
  return llvm::all_of(terms, [](const MaskTerm &term) { return term.opaque.empty(); });
}

MaskNormalForm normalizeMask(Value mask) {
  if (!mask)
    return {{MaskTerm{}}};
  MaskNormalForm form{normalize(mask, false)};
  if (form.terms.size() > kMaxTerms)
    form.terms = {MaskTerm{{}, {{mask, false}}}};
  return form;
}

} // namespace lacuna
