// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Element expressions as scalar ops in the regions of masks and scores.
#pragma once

#include "dialects/Attn/Attn.h"
#include "passes/Raise/Elements.h"

namespace lacuna::raise {

/// Emits into one region. Null values mean failure, with a reason.
class ScalarEmitter {
public:
  /// `coordinates` are (batch, head, query, key); null for one that the region does not have. With `isScore` floats are f32 and roundings in between are dropped.
  ScalarEmitter(mlir::OpBuilder &b, mlir::Location loc, Elements &elements, llvm::ArrayRef<mlir::Value> coordinates, bool isScore)
      : b(b), loc(loc), elements(elements), coordinates(coordinates), isScore(isScore) {}

  /// Expressions for which `replace` has a value are not looked into.
  mlir::Value emit(const Expr *expr, llvm::function_ref<mlir::Value(const Expr *)> replace);
  mlir::Value emit(const Expr *expr) {
    return emit(expr, [](const Expr *) { return mlir::Value(); });
  }
  mlir::Value emitIndex(mlir::AffineExpr expr);

  llvm::StringRef getReason() const { return reason; }
  llvm::ArrayRef<mlir::Value> getTensors() const { return tensors; }

private:
  mlir::Value emitNew(const Expr *expr, llvm::function_ref<mlir::Value(const Expr *)> replace);
  mlir::Value emitConstant(const Expr *expr);
  mlir::Value emitElement(const Expr *expr);
  mlir::Value emitLookup(const Expr *expr, mlir::ValueRange indices);
  mlir::Value emitOp(const Expr *expr, llvm::function_ref<mlir::Value(const Expr *)> replace);
  mlir::Value widen(mlir::Value value, const Expr *expr);
  mlir::Value fail(const llvm::Twine &why);

  mlir::OpBuilder &b;
  mlir::Location loc;
  Elements &elements;
  llvm::ArrayRef<mlir::Value> coordinates;
  bool isScore;
  llvm::DenseMap<const Expr *, mlir::Value> known;
  llvm::SmallVector<mlir::Value> tensors; // read by lookups
  std::string reason;
};

} // namespace lacuna::raise
