// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What one element of a tensor is, as a scalar expression in coordinates. Named ops, generics, transposes, reshapes and broadcasts all read alike, so the
// matchers need no list of forms. Nothing is rewritten here; what has no closed form (products, reductions, arguments) stays a leaf that can be opened.
#pragma once

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/AffineExpr.h"

#include <deque>

namespace lacuna::raise {

/// Coordinates of an attention, as dimension numbers of affine expressions. `Bound` is the variable of a reduction, `Feature` the one of Q·K.
enum Axis : unsigned { Batch, Head, Query, Key, Feature, ValueFeature, Bound, NumAxes };

/// A scalar. Immutable; lives as long as the Elements that made it.
struct Expr {
  enum Kind {
    Constant, ///< `constant`
    Scalar,   ///< `value`, an SSA value outside of everything that was read
    Index,    ///< `at[0]`
    Element,  ///< the tensor `value` at the coordinates `at`
    Gather,   ///< the tensor `value` at the run-time indices `operands`
    Apply     ///< the op `op` on `operands`
  };
  Kind kind;
  mlir::Type type;
  mlir::TypedAttr constant = {};
  mlir::Value value = {};
  mlir::Operation *op = nullptr;
  llvm::SmallVector<mlir::AffineExpr> at = {};
  llvm::SmallVector<const Expr *> operands = {};
};

/// A reduction along one loop: combiner(init, all of `term` with Axis::Bound in [0, size)).
struct Reduction {
  mlir::Operation *combiner;
  const Expr *term, *init;
};

class Elements {
public:
  /// `sizes` of the axes, where known.
  Elements(mlir::MLIRContext *context, llvm::ArrayRef<int64_t> sizes);

  mlir::AffineExpr axis(unsigned number) const { return mlir::getAffineDimExpr(number, context); }
  mlir::MLIRContext *getContext() const { return context; }
  int64_t size(Axis axis) const { return sizes[axis]; }

  const Expr *element(mlir::Value tensor, llvm::ArrayRef<mlir::AffineExpr> at);
  /// What an element is made of, one op back; null for a leaf.
  const Expr *expand(const Expr *element);
  /// Expanded until it is no element, or a leaf.
  const Expr *head(const Expr *expr);
  /// head, without conversions between floats: roundings of intermediate values are not part of a match.
  const Expr *strip(const Expr *expr);
  /// Opens an element of a tensor that a linalg op reduces along one loop; that loop is called `bound` in the term.
  std::optional<Reduction> openReduction(const Expr *element, Axis bound = Bound);
  const Expr *substitute(const Expr *expr, Axis from, mlir::AffineExpr to);
  /// The same scalar, up to roundings of floats.
  bool same(const Expr *a, const Expr *b);

  /// An integer expression as affine function of the axes, if it cannot wrap in its type.
  std::optional<mlir::AffineExpr> asAffine(const Expr *expr);
  /// Bounds of a linear expression; lengths are below 2^31.
  std::optional<int64_t> bound(mlir::AffineExpr expr, bool isUpper) const;
  mlir::AffineExpr simplify(mlir::AffineExpr expr) const;

  const Expr *make(Expr expr);

private:
  friend class BodyReader;
  const Expr *expandOnce(const Expr *element);
  const Expr *scalar(mlir::Value value);
  const Expr *expandLinalg(mlir::linalg::LinalgOp op, unsigned result, llvm::ArrayRef<mlir::AffineExpr> at);
  const Expr *expandElementwise(mlir::Operation *op, llvm::ArrayRef<mlir::AffineExpr> at);
  const Expr *expandReshape(mlir::Operation *op, llvm::ArrayRef<mlir::AffineExpr> at);

  mlir::MLIRContext *context;
  llvm::SmallVector<int64_t> sizes;
  llvm::SmallVector<std::optional<int64_t>> lower, upper;
  std::deque<Expr> pool;
  llvm::DenseMap<const Expr *, const Expr *> expanded; // an expression is one object, however often it is looked at
};

/// The loops of `op` as expressions, from the coordinates of one result. A loop that the result does not have stays null.
std::optional<llvm::SmallVector<mlir::AffineExpr>> loopsOf(mlir::linalg::LinalgOp op, unsigned result, llvm::ArrayRef<mlir::AffineExpr> at);

bool dependsOn(mlir::AffineExpr expr, Axis axis);
/// Whether an element that `expr` reads depends on the axis, expanded as far as possible.
bool dependsOn(Elements &elements, const Expr *expr, Axis axis);
/// Calls `visit` for every expression below `expr`, expanded as far as possible, while it returns true (go on below).
void walk(Elements &elements, const Expr *expr, llvm::function_ref<bool(const Expr *)> visit);

/// The op of an Apply, or null.
template <typename Op> Op applied(const Expr *expr) { return expr->kind == Expr::Apply ? llvm::dyn_cast<Op>(expr->op) : Op(); }
/// The float of a constant.
std::optional<double> asFloat(const Expr *expr);

} // namespace lacuna::raise
