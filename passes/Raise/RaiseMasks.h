// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Conditions on pairs as masks: intervals where a comparison says which keys of a row attend, equalities, sets for tables, predicates for the rest.
#pragma once

#include "passes/Raise/EmitScalars.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace lacuna::raise {

class MaskRaiser {
public:
  MaskRaiser(mlir::OpBuilder &b, mlir::Location loc, Elements &elements) : b(b), loc(loc), elements(elements) {}

  /// The mask of the pairs where `condition` is `attends`; null, with a reason, where no region can say it.
  mlir::Value raise(const Expr *condition, bool attends);

  llvm::StringRef getReason() const { return reason; }
  llvm::ArrayRef<mlir::Value> getTensors() const { return tensors; }

private:
  mlir::Value raiseComparison(const Expr *comparison, bool attends);
  mlir::Value raiseInterval(mlir::arith::CmpIPredicate predicate, const Expr *key, const Expr *other);
  mlir::Value raiseEqual(const Expr *query, const Expr *key);
  mlir::Value raiseTable(const Expr *element);
  mlir::Value raisePredicate(const Expr *condition);
  mlir::Value causal(mlir::AffineExpr offset);
  mlir::Value negateIf(bool negated, mlir::Value mask);
  /// A block with one index argument for each axis, filled by `body`; false after a failure.
  bool fill(mlir::Region &region, llvm::ArrayRef<unsigned> axes, llvm::function_ref<bool(ScalarEmitter &)> body);

  mlir::OpBuilder &b;
  mlir::Location loc;
  Elements &elements;
  llvm::SmallVector<mlir::Value> tensors;
  std::string reason;
};

} // namespace lacuna::raise
