// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a product with values back to the scores: coordinates, weights, softmax. Scores and their product are in MatchScores.cpp.
#include "passes/Raise/MatchAttention.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace lacuna::raise;

bool AttentionMatcher::fail(const Twine &why) {
  if (reason.empty())
    reason = why.str();
  return false;
}

//===----------------------------------------------------------------------===//
// Coordinates
//===----------------------------------------------------------------------===//

/// The first of `operands` that is an exponential, up to roundings; null if none is.
static const Expr *findExponential(Elements &elements, ArrayRef<const Expr *> operands) {
  for (const Expr *operand : operands)
    if (const Expr *e = elements.strip(operand); applied<math::ExpOp>(e) || applied<math::Exp2Op>(e))
      return operand;
  return nullptr;
}

/// Whether this might be a weight of a softmax, normalised or not.
static bool looksLikeWeight(Elements &elements, const Expr *expr) {
  const Expr *e = elements.strip(expr);
  if (e->kind == Expr::Element)
    return e->value.getDefiningOp<linalg::SoftmaxOp>() != nullptr;
  if (applied<arith::DivFOp>(e))
    return findExponential(elements, e->operands[0]);
  if (applied<arith::MulFOp>(e))
    return findExponential(elements, e->operands);
  return findExponential(elements, e);
}

/// Whether the body itself reads something along the loop; what that is made of may not depend on it (heads that are copies of one).
static bool reads(const Expr *expr, Axis loop) {
  return llvm::any_of(expr->at, [&](AffineExpr at) { return dependsOn(at, loop); }) ||
         llvm::any_of(expr->operands, [&](const Expr *operand) { return reads(operand, loop); });
}

/// A batch loop that holds batch entries and heads together, as collapsed tensors have it: both are told apart by what the tensors around it say.
bool AttentionMatcher::splitBatch(Elements &loops, const Expr *weights, const Expr *data, unsigned loop, Coordinates &at, MutableArrayRef<int64_t> sizes) {
  int64_t heads = 0, size = loops.size(static_cast<Axis>(NumAxes + loop));
  auto look = [&](const Expr *e) {
    for (AffineExpr coordinate : e->at)
      coordinate.walk([&](AffineExpr inner) {
        auto binary = dyn_cast<AffineBinaryOpExpr>(inner);
        auto divisor = binary && binary.getKind() == AffineExprKind::FloorDiv ? dyn_cast<AffineConstantExpr>(binary.getRHS()) : AffineConstantExpr();
        if (divisor && binary.getLHS() == loops.axis(NumAxes + loop))
          heads = std::max(heads, divisor.getValue());
      });
    return true;
  };
  walk(loops, weights, look);
  walk(loops, data, look);
  if (heads == 0) {
    at[loop] = loops.axis(Head);
    sizes[Head] = size;
    return true;
  }
  if (!ShapedType::isDynamic(size) && size % heads)
    return fail("the batch size " + Twine(size) + " is no multiple of " + Twine(heads) + " heads");
  at[loop] = loops.axis(Batch) * heads + loops.axis(Head);
  sizes[Head] = heads;
  sizes[Batch] = ShapedType::isDynamic(size) ? size : size / heads;
  return true;
}

/// Dimensions beside queries and features, in order: heads; batch and heads; batch, heads and members of a group of heads.
bool AttentionMatcher::assignOuter(Elements &loops, ArrayRef<unsigned> outer, Coordinates &at, MutableArrayRef<int64_t> sizes) {
  auto size = [&](unsigned i) { return loops.size(static_cast<Axis>(NumAxes + outer[i])); };
  if (outer.size() > 3 || (outer.size() == 3 && (ShapedType::isDynamic(size(1)) || ShapedType::isDynamic(size(2)))))
    return fail("expects at most batch, heads and groups of constant size beside queries and features, but got " + Twine(outer.size()) + " dimensions");
  if (outer.size() > 1) {
    at[outer[0]] = loops.axis(Batch);
    sizes[Batch] = size(0);
  }
  if (outer.size() == 3) {
    at[outer[1]] = loops.axis(Head).floorDiv(size(2));
    at[outer[2]] = loops.axis(Head) % size(2);
    sizes[Head] = size(1) * size(2);
  } else if (!outer.empty()) {
    at[outer.back()] = loops.axis(Head);
    sizes[Head] = size(outer.size() - 1);
  }
  return true;
}

/// Dimensions of size 1 mean nothing where there are more than `wanted`.
static void dropUnits(Elements &loops, SmallVectorImpl<unsigned> &dims, size_t wanted, MutableArrayRef<AffineExpr> at) {
  for (auto dim = dims.begin(); dim != dims.end() && dims.size() > wanted;) {
    bool isUnit = loops.size(static_cast<Axis>(NumAxes + *dim)) == 1;
    if (isUnit)
      at[*dim] = getAffineConstantExpr(0, loops.getContext());
    dim = isUnit ? dims.erase(dim) : std::next(dim);
  }
}

/// What the dimensions of the product's result mean, by which of weights and values depends on them. Of those that only the weights have, the last one is that of
/// queries: the others could be called so, too, and are heads that share keys and values.
std::optional<AttentionMatcher::Coordinates> AttentionMatcher::assignAxes(Elements &loops, const Expr *weights, const Expr *data) {
  unsigned rank = cast<RankedTensorType>(values->getResult(0).getType()).getRank();
  Coordinates at(rank);
  SmallVector<int64_t> sizes(NumAxes, 1);
  sizes[Key] = sizes[Bound] = loops.size(Key);
  sizes[Feature] = ShapedType::kDynamic;
  SmallVector<unsigned> outer, queries, features;
  for (unsigned i = 0; i < rank; ++i) {
    Axis loop = static_cast<Axis>(NumAxes + i);
    bool inWeights = reads(weights, loop), inData = reads(data, loop);
    (inWeights ? inData ? outer : queries : features).push_back(i);
  }
  dropUnits(loops, features, 1, at);
  dropUnits(loops, outer, 2, at);
  if (queries.empty() || features.size() != 1) {
    fail("expects dimensions of queries and one of features, but got " + Twine(queries.size()) + " and " + Twine(features.size()));
    return std::nullopt;
  }
  for (auto [loop, axis] : {std::pair(queries.back(), Query), std::pair(features[0], ValueFeature)}) {
    at[loop] = loops.axis(axis);
    sizes[axis] = loops.size(static_cast<Axis>(NumAxes + loop));
  }
  bool isSplit = outer.size() == 1 && queries.size() == 1;
  outer.append(queries.begin(), std::prev(queries.end()));
  if (isSplit ? !splitBatch(loops, weights, data, outer[0], at, sizes) : !assignOuter(loops, outer, at, sizes))
    return std::nullopt;
  elements.emplace(values->getContext(), sizes);
  return at;
}

/// The coordinates of the product's result, if it is one of softmax weights with something.
std::optional<AttentionMatcher::Coordinates> AttentionMatcher::chooseAxes() {
  if (!values.hasPureTensorSemantics() || values->getNumResults() != 1 || values.getNumReductionLoops() != 1)
    return std::nullopt;
  auto type = cast<RankedTensorType>(values->getResult(0).getType());
  SmallVector<int64_t> sizes(NumAxes, ShapedType::kDynamic);
  llvm::append_range(sizes, type.getShape());
  SmallVector<unsigned> reduced;
  values.getReductionDims(reduced);
  sizes[Key] = values.getStaticLoopRanges()[reduced.front()];
  Elements loops(values->getContext(), sizes);
  Coordinates at;
  for (int64_t i = 0; i < type.getRank(); ++i)
    at.push_back(loops.axis(NumAxes + i));
  std::optional<Reduction> product = loops.openReduction(loops.element(values->getResult(0), at), Key);
  if (!product || !isa<arith::AddFOp>(product->combiner) || !applied<arith::MulFOp>(product->term))
    return std::nullopt;
  const Expr *a = product->term->operands[0], *b = product->term->operands[1];
  if (!looksLikeWeight(loops, a))
    std::swap(a, b);
  if (!looksLikeWeight(loops, a))
    return std::nullopt;
  walk(loops, a, [&](const Expr *e) {
    if (Operation *op = e->kind == Expr::Element ? e->value.getDefiningOp() : nullptr)
      looked.push_back(op);
    return true;
  });
  return assignAxes(loops, a, b);
}

std::optional<Attention> AttentionMatcher::match() {
  std::optional<Coordinates> at = chooseAxes();
  if (!at)
    return std::nullopt;
  attention.values = values;
  attention.root = values->getResult(0);
  attention.rootAt = *at;
  Reduction product = *elements->openReduction(elements->element(attention.root, *at), Key);
  const Expr *a = product.term->operands[0], *b = product.term->operands[1];
  if (!looksLikeWeight(*elements, a))
    std::swap(a, b);
  if (!matchWeights(a))
    return std::nullopt;
  if (std::optional<double> init = asFloat(elements->strip(product.init)); !init || *init != 0) {
    fail("the product with the values does not start from 0");
    return std::nullopt;
  }
  std::optional<Operand> data = follow(b, /*isScaled=*/false);
  if (!data) {
    fail("the values are no elements of a tensor");
    return std::nullopt;
  }
  attention.value = *data;
  return attention;
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

bool AttentionMatcher::matchWeights(const Expr *weights) {
  const Expr *e = elements->strip(weights);
  if (e->kind == Expr::Element)
    return matchSoftmaxOp(e);
  if (applied<arith::DivFOp>(e))
    return matchExponential(e->operands[0]) && matchSum(e->operands[0], e->operands[1]);
  if (!applied<arith::MulFOp>(e))
    return matchExponential(weights) && matchLateDivision(weights);
  const Expr *numerator = findExponential(*elements, e->operands);
  const Expr *inverse = elements->strip(e->operands[numerator == e->operands[0] ? 1 : 0]);
  if (!applied<arith::DivFOp>(inverse) || asFloat(elements->strip(inverse->operands[0])) != 1.0)
    return fail("the exponentials are not multiplied by 1 / their sum");
  return matchExponential(numerator) && matchSum(numerator, inverse->operands[1]);
}

bool AttentionMatcher::matchSoftmaxOp(const Expr *weights) {
  auto op = weights->value.getDefiningOp<linalg::SoftmaxOp>();
  for (auto [i, coordinate] : llvm::enumerate(weights->at)) {
    bool isKey = i == op.getDimension();
    if (isKey ? coordinate != elements->axis(Key) : dependsOn(coordinate, Key))
      return fail("the softmax does not run over the keys");
  }
  return matchScores(elements->element(op.getInput(), weights->at));
}

/// exp(c (s - max s)), or exp2 of it; c is folded into the scores.
bool AttentionMatcher::matchExponential(const Expr *numerator) {
  const Expr *e = elements->strip(numerator);
  attention.factor = applied<math::Exp2Op>(e) ? std::log(2.0) : 1;
  const Expr *argument = elements->strip(e->operands[0]);
  if (applied<arith::MulFOp>(argument) || applied<arith::DivFOp>(argument)) {
    bool divides = isa<arith::DivFOp>(argument->op), first = asFloat(elements->strip(argument->operands[0])).has_value();
    std::optional<double> c = asFloat(elements->strip(argument->operands[first && !divides ? 0 : 1]));
    if (!c || !(*c > 0) || std::isinf(*c))
      return fail("the exponent is not a difference to the largest score, times a positive constant");
    attention.factor *= divides ? 1 / *c : *c;
    argument = elements->strip(argument->operands[first && !divides ? 1 : 0]);
  }
  if (std::abs(attention.factor - 1) < 1e-6) // log2 e, rounded to f32 or less
    attention.factor = 1;
  return matchShift(argument);
}

bool AttentionMatcher::matchShift(const Expr *difference) {
  if (!applied<arith::SubFOp>(difference))
    return fail("the exponent is not a difference to the largest score");
  const Expr *score = difference->operands[0];
  std::optional<Reduction> max = elements->openReduction(elements->strip(difference->operands[1]));
  if (!max || !isa<arith::MaximumFOp, arith::MaxNumFOp>(max->combiner))
    return fail("what is subtracted from the scores is not their maximum along the keys");
  auto init = elements->strip(max->init);
  auto value = init->kind == Expr::Constant ? dyn_cast<FloatAttr>(init->constant) : FloatAttr();
  if (!value || !value.getValue().isNegative() || !(value.getValue().isInfinity() || value.getValue().isLargest()))
    return fail("the maximum does not start from -inf or the lowest float");
  if (!elements->same(elements->substitute(max->term, Bound, elements->axis(Key)), score))
    return fail("the maximum is not that of the scores that it is subtracted from");
  return matchScores(score);
}

bool AttentionMatcher::matchSum(const Expr *numerator, const Expr *denominator) {
  std::optional<Reduction> sum = elements->openReduction(elements->strip(denominator));
  if (!sum || !isa<arith::AddFOp>(sum->combiner))
    return fail("the exponentials are not divided by a sum along the keys");
  if (asFloat(elements->strip(sum->init)) != 0.0)
    return fail("the sum of the exponentials does not start from 0");
  if (!elements->same(elements->substitute(sum->term, Bound, elements->axis(Key)), numerator))
    return fail("the sum is not that of the exponentials that it divides");
  return true;
}

/// P V, divided by the sum of P afterwards, by one op that does nothing else.
bool AttentionMatcher::matchLateDivision(const Expr *numerator) {
  Value product = attention.root;
  Operation *user = product.hasOneUse() ? *product.getUsers().begin() : nullptr;
  auto type = user && user->getNumResults() == 1 ? dyn_cast<RankedTensorType>(user->getResult(0).getType()) : RankedTensorType();
  if (!type || type.getRank() != static_cast<int64_t>(attention.rootAt.size()))
    return fail("the exponentials are not divided by their sum");
  const Expr *e = elements->strip(elements->element(user->getResult(0), attention.rootAt));
  auto isProduct = [&](const Expr *x) {
    x = elements->strip(x);
    return x->kind == Expr::Element && x->value == product && ArrayRef(x->at) == ArrayRef(attention.rootAt);
  };
  const Expr *sum = nullptr;
  if (applied<arith::DivFOp>(e) && isProduct(e->operands[0]))
    sum = e->operands[1];
  if (applied<arith::MulFOp>(e) && (isProduct(e->operands[0]) || isProduct(e->operands[1]))) {
    const Expr *inverse = elements->strip(e->operands[isProduct(e->operands[0]) ? 1 : 0]);
    if (applied<arith::DivFOp>(inverse) && asFloat(elements->strip(inverse->operands[0])) == 1.0)
      sum = inverse->operands[1];
  }
  if (!sum)
    return fail("the exponentials are not divided by their sum");
  attention.root = user->getResult(0);
  return matchSum(numerator, sum);
}
