// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Coordinates, comparison and substitution of element expressions.
#include "passes/Raise/Elements.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace lacuna::raise;

static constexpr int64_t maxConstant = int64_t(1) << 40; // sums of a few of them and lengths cannot wrap

Elements::Elements(MLIRContext *context, ArrayRef<int64_t> sizes) : context(context), sizes(sizes) {
  constexpr int64_t maxLength = (int64_t(1) << 31) - 1; // docs/semantics.md: lengths are below 2^31
  for (int64_t size : sizes) {
    lower.push_back(0);
    upper.push_back(ShapedType::isDynamic(size) ? maxLength - 1 : size - 1);
  }
}

const Expr *Elements::make(Expr expr) { return &pool.emplace_back(std::move(expr)); }

const Expr *Elements::scalar(Value value) {
  TypedAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return make({Expr::Constant, value.getType(), constant});
  return make({Expr::Scalar, value.getType(), {}, value});
}

const Expr *Elements::element(Value tensor, ArrayRef<AffineExpr> at) {
  if (!isa<ShapedType>(tensor.getType()))
    return scalar(tensor);
  DenseElementsAttr dense;
  if (matchPattern(tensor, m_Constant(&dense)) && dense.isSplat())
    return make({Expr::Constant, dense.getElementType(), cast<TypedAttr>(dense.getSplatValue<Attribute>())});
  Expr expr{Expr::Element, getElementTypeOrSelf(tensor.getType()), {}, tensor};
  for (AffineExpr coordinate : at)
    expr.at.push_back(simplify(coordinate));
  return make(expr);
}

const Expr *Elements::head(const Expr *expr) {
  while (const Expr *next = expand(expr))
    expr = next;
  return expr;
}

const Expr *Elements::strip(const Expr *expr) {
  expr = head(expr);
  while (applied<arith::ExtFOp>(expr) || applied<arith::TruncFOp>(expr))
    expr = head(expr->operands[0]);
  return expr;
}

//===----------------------------------------------------------------------===//
// Affine coordinates
//===----------------------------------------------------------------------===//

std::optional<int64_t> Elements::bound(AffineExpr expr, bool isUpper) const {
  return getBoundForAffineExpr(expr, lower.size(), 0, lower, upper, isUpper);
}

static void flattenSum(AffineExpr expr, SmallVectorImpl<AffineExpr> &terms) {
  auto sum = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!sum || sum.getKind() != AffineExprKind::Add)
    return terms.push_back(expr);
  flattenSum(sum.getLHS(), terms);
  flattenSum(sum.getRHS(), terms);
}

/// (c·A + R) floordiv c = A + R floordiv c and (c·A + R) mod c = R mod c; both are known where 0 <= R < c.
AffineExpr Elements::simplify(AffineExpr expr) const {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return expr;
  AffineExpr lhs = simplify(binary.getLHS()), rhs = simplify(binary.getRHS());
  auto divisor = dyn_cast<AffineConstantExpr>(rhs);
  bool divides = expr.getKind() == AffineExprKind::FloorDiv;
  if ((!divides && expr.getKind() != AffineExprKind::Mod) || !divisor || divisor.getValue() <= 0)
    return simplifyAffineExpr(getAffineBinaryOpExpr(expr.getKind(), lhs, rhs), lower.size(), 0);
  int64_t c = divisor.getValue();
  AffineExpr multiple = getAffineConstantExpr(0, context), rest = multiple;
  SmallVector<AffineExpr> terms;
  flattenSum(lhs, terms);
  for (AffineExpr term : terms)
    if (term.isMultipleOf(c))
      multiple = multiple + term.floorDiv(c);
    else
      rest = rest + term;
  std::optional<int64_t> low = bound(rest, false), high = bound(rest, true);
  if (low && high && *low >= 0 && *high < c)
    return divides ? multiple : rest;
  return divides ? multiple + rest.floorDiv(c) : rest % c;
}

std::optional<AffineExpr> Elements::asAffine(const Expr *expr) {
  expr = head(expr);
  if (expr->kind == Expr::Index)
    return expr->at[0];
  if (expr->kind == Expr::Constant && isa<IntegerAttr>(expr->constant) && !expr->type.isInteger(1)) {
    int64_t value = cast<IntegerAttr>(expr->constant).getValue().getSExtValue();
    return std::abs(value) < maxConstant ? std::optional(getAffineConstantExpr(value, context)) : std::nullopt;
  }
  if (expr->kind != Expr::Apply || expr->operands.empty() || !expr->type.isIntOrIndex() || expr->type.isInteger(1))
    return std::nullopt;
  std::optional<AffineExpr> a = asAffine(expr->operands[0]), b = expr->operands.size() > 1 ? asAffine(expr->operands[1]) : std::nullopt;
  std::optional<AffineExpr> made;
  if (a && isa<arith::IndexCastOp, arith::ExtSIOp, arith::TruncIOp>(expr->op))
    made = a;
  else if (a && b && isa<arith::AddIOp>(expr->op))
    made = *a + *b;
  else if (a && b && isa<arith::SubIOp>(expr->op))
    made = *a - *b;
  else if (a && b && isa<arith::MulIOp>(expr->op) && (a->isSymbolicOrConstant() || b->isSymbolicOrConstant()))
    made = *a * *b;
  if (!made)
    return std::nullopt;
  // It must fit: neither wrap here nor be cut.
  std::optional<int64_t> low = bound(*made, false), high = bound(*made, true);
  unsigned bits = expr->type.isIndex() ? 48 : std::min(48u, expr->type.getIntOrFloatBitWidth()); // 48: far from wrapping in later sums, too
  if (!low || !high || *low < -(int64_t(1) << (bits - 1)) || *high >= int64_t(1) << (bits - 1))
    return std::nullopt;
  return simplify(*made);
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

const Expr *Elements::substitute(const Expr *expr, Axis from, AffineExpr to) {
  DenseMap<const Expr *, const Expr *> done;
  auto rewrite = [&](auto &self, const Expr *e) -> const Expr * {
    if (const Expr *known = done.lookup(e))
      return known;
    Expr copy = *e;
    for (AffineExpr &coordinate : copy.at)
      coordinate = simplify(coordinate.replace(axis(from), to));
    for (const Expr *&operand : copy.operands)
      operand = self(self, operand);
    return done[e] = make(std::move(copy));
  };
  return rewrite(rewrite, expr);
}

bool Elements::same(const Expr *a, const Expr *b) {
  SmallVector<std::pair<const Expr *, const Expr *>> worklist{{a, b}};
  llvm::DenseSet<std::pair<const Expr *, const Expr *>> seen;
  auto sameLeaf = [](const Expr *x, const Expr *y) { return x->kind == y->kind && x->value == y->value && x->at == y->at && x->constant == y->constant; };
  while (!worklist.empty()) {
    auto [x, y] = worklist.pop_back_val();
    if (x == y || !seen.insert({x, y}).second || (x->kind == Expr::Element && sameLeaf(x, y)))
      continue;
    x = strip(x), y = strip(y);
    if (!sameLeaf(x, y) || x->operands.size() != y->operands.size())
      return false;
    if (x->kind == Expr::Apply && (x->op->getName() != y->op->getName() || x->op->getAttrDictionary() != y->op->getAttrDictionary() ||
                                   (x->type != y->type && !isa<FloatType>(x->type))))
      return false;
    for (auto [p, q] : llvm::zip_equal(x->operands, y->operands))
      worklist.push_back({p, q});
  }
  return true;
}

namespace lacuna::raise {

void walk(Elements &elements, const Expr *expr, llvm::function_ref<bool(const Expr *)> visit) {
  SmallVector<const Expr *> worklist{expr};
  llvm::SmallPtrSet<const Expr *, 16> seen;
  while (!worklist.empty()) {
    const Expr *next = elements.head(worklist.pop_back_val());
    if (seen.insert(next).second && visit(next))
      llvm::append_range(worklist, next->operands);
  }
}

bool dependsOn(AffineExpr expr, Axis axis) { return expr.isFunctionOfDim(axis); }

bool dependsOn(Elements &elements, const Expr *expr, Axis axis) {
  bool depends = false;
  walk(elements, expr, [&](const Expr *e) {
    depends |= llvm::any_of(e->at, [&](AffineExpr at) { return dependsOn(at, axis); });
    return !depends;
  });
  return depends;
}

std::optional<double> asFloat(const Expr *expr) {
  auto value = expr->kind == Expr::Constant ? dyn_cast<FloatAttr>(expr->constant) : FloatAttr();
  return value ? std::optional(value.getValueAsDouble()) : std::nullopt;
}

} // namespace lacuna::raise
