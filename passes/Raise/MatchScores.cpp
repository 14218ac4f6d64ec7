// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From scores back to Q and K: masks are peeled off, scales are folded, what is left beside the product stays a score.
#include "passes/Raise/MatchAttention.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <cmath>

using namespace mlir;
using namespace lacuna::raise;

static constexpr double largeNegative = -1e4; // what models write for -inf

/// A constant that masks a score which is replaced by it, or added to it.
bool AttentionMatcher::isMasking(const Expr *expr) {
  std::optional<double> value = asFloat(elements->strip(expr));
  if (!value || !(*value <= largeNegative))
    return false;
  bool masks = std::isinf(*value) || finiteMaskIsInfinite;
  attention.hasFiniteMask |= !masks;
  return masks;
}

const Expr *AttentionMatcher::rebuild(const Expr *expr, ArrayRef<const Expr *> operands) {
  if (ArrayRef(expr->operands) == operands)
    return expr;
  Expr copy = *expr;
  copy.operands.assign(operands.begin(), operands.end());
  return elements->make(std::move(copy));
}

static bool isFactor(std::optional<double> value, bool isPositive = false) {
  return value && std::isfinite(*value) && (isPositive ? *value > 0 : *value != 0);
}

/// Takes masks out of a score: selections of -inf, also below sums and positive factors, which keep it. A score of +inf or NaN has no meaning anyway.
const Expr *AttentionMatcher::peelMasks(const Expr *score) {
  const Expr *e = elements->strip(score);
  if (applied<arith::SelectOp>(e))
    for (bool attends : {true, false})
      if (isMasking(e->operands[attends ? 2 : 1])) {
        attention.masks.push_back({e->operands[0], attends});
        return peelMasks(e->operands[attends ? 1 : 2]);
      }
  if (applied<arith::AddFOp>(e)) {
    const Expr *a = peelMasks(e->operands[0]), *b = peelMasks(e->operands[1]);
    if (asFloat(b) == 0.0)
      return a;
    return asFloat(a) == 0.0 ? b : rebuild(e, {a, b});
  }
  if (applied<arith::SubFOp>(e))
    return rebuild(e, {peelMasks(e->operands[0]), e->operands[1]});
  if (applied<arith::MulFOp>(e) || applied<arith::DivFOp>(e)) {
    auto factor = [&](unsigned i) { return isFactor(asFloat(elements->strip(e->operands[i])), /*isPositive=*/true); };
    if (factor(1))
      return rebuild(e, {peelMasks(e->operands[0]), e->operands[1]});
    if (isa<arith::MulFOp>(e->op) && factor(0))
      return rebuild(e, {e->operands[0], peelMasks(e->operands[1])});
  }
  return e;
}

bool AttentionMatcher::matchScores(const Expr *scores) {
  attention.score = peelMasks(scores);
  if (!findProduct(attention.score))
    return false;
  findBase(attention.score);
  if (!matchProduct())
    return false;
  if (attention.score == attention.base)
    attention.scale *= std::exchange(attention.factor, 1);
  return true;
}

/// An element of a product of queries with keys: a sum of products that depends on both.
static bool isProduct(Elements &elements, const Expr *e) {
  if (e->kind != Expr::Element)
    return false;
  auto dependent = [&](Axis axis) { return llvm::any_of(e->at, [&](AffineExpr at) { return dependsOn(at, axis); }); };
  if (!dependent(Query) || !dependent(Key))
    return false;
  std::optional<Reduction> sum = elements.openReduction(e, Feature);
  return sum && isa<arith::AddFOp>(sum->combiner) && applied<arith::MulFOp>(sum->term);
}

static bool sameElement(const Expr *a, const Expr *b) { return a->kind == Expr::Element && a->value == b->value && a->at == b->at; }

/// Finds the one product in a score.
bool AttentionMatcher::findProduct(const Expr *score) {
  bool isOne = true;
  walk(*elements, score, [&](const Expr *e) {
    if (!isProduct(*elements, e))
      return true;
    isOne &= !attention.product || sameElement(e, attention.product);
    attention.product = e;
    return true;
  });
  if (!attention.product)
    return fail("the scores do not come from a product of queries and keys");
  return isOne || fail("the scores come from more than one product");
}

/// Finds the largest expression around the product that is a constant multiple of it.
void AttentionMatcher::findBase(const Expr *score) {
  auto contains = [&](const Expr *e) {
    bool found = false;
    walk(*elements, e, [&](const Expr *x) { return !(found |= sameElement(x, attention.product)); });
    return found;
  };
  const Expr *e = elements->strip(score);
  attention.base = nullptr;
  attention.scale = 1;
  while (e->kind == Expr::Apply) {
    SmallVector<const Expr *> inside = llvm::filter_to_vector(e->operands, contains);
    if (inside.size() != 1)
      break;
    const Expr *other = e->operands.size() == 2 ? e->operands[inside[0] == e->operands[0] ? 1 : 0] : nullptr;
    std::optional<double> factor = other ? asFloat(elements->strip(other)) : std::nullopt;
    bool divides = isa<arith::DivFOp>(e->op) && inside[0] == e->operands[0];
    if (isFactor(factor) && (divides || isa<arith::MulFOp>(e->op))) {
      attention.base = attention.base ? attention.base : e;
      attention.scale *= divides ? 1 / *factor : *factor;
    } else if (attention.base) {
      attention.base = nullptr; // a multiple of something else: starts again below
      attention.scale = 1;
    }
    e = elements->strip(inside[0]);
  }
  if (e->kind == Expr::Element && attention.base)
    return;
  attention.base = e->kind == Expr::Element ? e : attention.product; // the product in several places
  attention.scale = 1;
}

bool AttentionMatcher::matchProduct() {
  attention.scores = attention.product->value.getDefiningOp<linalg::LinalgOp>();
  Reduction sum = *elements->openReduction(attention.product, Feature);
  if (asFloat(elements->strip(sum.init)) != 0.0)
    return fail("the product of queries and keys does not start from 0");
  const Expr *query = sum.term->operands[0], *key = sum.term->operands[1];
  if (!dependsOn(*elements, query, Query))
    std::swap(query, key);
  if (dependsOn(*elements, query, Key) || dependsOn(*elements, key, Query))
    return fail("the product's operands are not one of queries and one of keys");
  std::optional<Operand> q = follow(query, /*isScaled=*/true), k = follow(key, /*isScaled=*/true);
  if (!q || !k)
    return fail("queries or keys are no elements of a tensor");
  attention.query = *q, attention.key = *k;
  return true;
}

/// Back through moves, widenings and, with `isScaled`, constant factors to the tensor that an operand of a product comes from.
std::optional<Operand> AttentionMatcher::follow(const Expr *expr, bool isScaled) {
  auto step = [&](const Expr *e, double &scale) -> const Expr * {
    while (e->kind == Expr::Apply) {
      bool multiplies = isa<arith::MulFOp>(e->op), divides = isa<arith::DivFOp>(e->op);
      if (isa<arith::ExtFOp>(e->op)) {
        e = e->operands[0];
        continue;
      }
      bool first = multiplies && asFloat(elements->strip(e->operands[0])).has_value();
      std::optional<double> factor = multiplies || divides ? asFloat(elements->strip(e->operands[first ? 0 : 1])) : std::nullopt;
      if (!isScaled || !isFactor(factor))
        return nullptr;
      scale *= divides ? 1 / *factor : *factor;
      e = e->operands[first ? 1 : 0];
    }
    return e->kind == Expr::Element ? e : nullptr;
  };
  const Expr *source = step(expr, attention.scale);
  if (!source)
    return std::nullopt;
  while (const Expr *next = elements->expand(source)) {
    double scale = 1;
    const Expr *further = step(next, scale);
    if (!further)
      break;
    attention.scale *= scale;
    source = further;
  }
  return Operand{source->value, source->at};
}
