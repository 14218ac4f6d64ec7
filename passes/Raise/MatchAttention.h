// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Recognises O = softmax(scores(Q Kᵀ)) V around a product with the values. Only looks; says why it is none.
#pragma once

#include "passes/Raise/Elements.h"

namespace lacuna::raise {

/// A tensor that Q, K or V is read from, at coordinates of the attention.
struct Operand {
  mlir::Value tensor;
  llvm::SmallVector<mlir::AffineExpr> at;
};

/// A factor of the attention's mask: pairs attend where `condition` is `attends`.
struct Condition {
  const Expr *condition;
  bool attends;
};

struct Attention {
  mlir::linalg::LinalgOp values, scores; ///< the two products
  mlir::Value root;                      ///< what the attention computes, element type and dimensions as they are there
  llvm::SmallVector<mlir::AffineExpr> rootAt;
  Operand query, key, value;
  double scale = 1;            ///< of the product, in `base`
  const Expr *score = nullptr; ///< the score without masks; `base` itself where there is nothing but a scale
  const Expr *base = nullptr;  ///< the scaled product inside of `score`
  const Expr *product = nullptr;
  double factor = 1; ///< of the whole score (a softmax to base 2)
  llvm::SmallVector<Condition> masks;
  bool hasFiniteMask = false; ///< a large negative constant is part of the score, since it is no infinity
};

class AttentionMatcher {
public:
  AttentionMatcher(mlir::linalg::LinalgOp values, bool finiteMaskIsInfinite) : values(values), finiteMaskIsInfinite(finiteMaskIsInfinite) {}

  /// Nothing where `values` is no product with softmax weights (no reason), or where something does not fit (a reason).
  std::optional<Attention> match();
  llvm::StringRef getReason() const { return reason; }
  Elements &getElements() { return *elements; }

  /// Softmax ops and reductions that the weights are made of.
  llvm::ArrayRef<mlir::Operation *> getLooked() const { return looked; }

private:
  using Coordinates = llvm::SmallVector<mlir::AffineExpr>;

  bool fail(const llvm::Twine &why);
  std::optional<Coordinates> chooseAxes();
  std::optional<Coordinates> assignAxes(Elements &loops, const Expr *weights, const Expr *data);
  bool splitBatch(Elements &loops, const Expr *weights, const Expr *data, unsigned loop, Coordinates &at, llvm::MutableArrayRef<int64_t> sizes);
  bool assignOuter(Elements &loops, llvm::ArrayRef<unsigned> outer, Coordinates &at, llvm::MutableArrayRef<int64_t> sizes);
  bool matchWeights(const Expr *weights);
  bool matchSoftmaxOp(const Expr *weights);
  bool matchExponential(const Expr *numerator);
  bool matchShift(const Expr *difference);
  bool matchSum(const Expr *numerator, const Expr *denominator);
  bool matchLateDivision(const Expr *numerator);
  bool matchScores(const Expr *scores);
  const Expr *peelMasks(const Expr *score);
  const Expr *rebuild(const Expr *expr, llvm::ArrayRef<const Expr *> operands);
  bool isMasking(const Expr *expr);
  bool findProduct(const Expr *score);
  void findBase(const Expr *score);
  bool matchProduct();
  std::optional<Operand> follow(const Expr *expr, bool isScaled);

  mlir::linalg::LinalgOp values;
  bool finiteMaskIsInfinite;
  std::optional<Elements> elements;
  Attention attention;
  llvm::SmallVector<mlir::Operation *> looked;
  std::string reason;
};

} // namespace lacuna::raise
