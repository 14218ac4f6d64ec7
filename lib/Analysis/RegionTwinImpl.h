// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The walk behind emitRegionTwin, shared by the sources that hold its op families: IntegerTwin.cpp, TruthTwin.cpp, RegionTwin.cpp. Not for others.
#pragma once

#include "lib/Analysis/RegionTwin.h"

namespace lacuna {

inline unsigned widthOf(mlir::Type type) { return type.isIndex() ? 64 : type.getIntOrFloatBitWidth(); }

inline bool isInteger(mlir::Type type) {
  return type.isIndex() || (type.isSignlessInteger() && widthOf(type) > 1 && widthOf(type) <= 64);
}

/// Walks one region; one method per family of ops.
class RegionTwin {
public:
  RegionTwin(TwinContext &context) : context(context), r(context.r), exact(context.captures), valid{r.boolean(true), r.boolean(true)} {}

  RegionRange run(mlir::Region &region, llvm::ArrayRef<TwinValue> arguments);

private:
  void define(mlir::Value value, TwinValue known);
  TwinValue get(mlir::Value value);
  TwinValue visit(mlir::Operation &op);
  TwinValue visitUniform(mlir::Operation &op);
  void assumeNotTruncated(mlir::Operation &cast);
  void bound(mlir::Operation &op, TwinValue &known);
  TwinValue visitTable(mlir::Operation &op, mlir::Value table, mlir::ValueRange indices, bool isUniform);
  TwinValue visitContains(attn::ContainsOp op);
  TwinValue visitBoolean(mlir::Operation &op, llvm::ArrayRef<TwinValue> operands);
  TwinValue visitCompare(mlir::arith::CmpIPredicate predicate, const TwinValue &x, const TwinValue &y);
  TwinValue visitUnsignedCompare(mlir::arith::CmpIPredicate predicate, const TwinValue &x, const TwinValue &y);
  TwinValue visitSelect(const TwinValue &condition, const TwinValue &x, const TwinValue &y);
  TwinValue visitCast(mlir::Operation &op, const TwinValue &x);
  TwinValue visitInteger(mlir::Operation &op, llvm::ArrayRef<TwinValue> operands);
  TwinValue linear(std::optional<LinearForm> form);
  TwinValue multiply(const TwinValue &x, const TwinValue &y);
  TwinValue divide(const TwinValue &x, const TwinValue &y, Rounding rounding, bool remainder);
  AlignedTile tileOf(const TwinValue &x) const;
  TwinValue divideInBlock(const TwinValue &x, mlir::Value tile, int64_t block, bool remainder);
  void notePeriod(const TwinValue &dividend, const TwinValue &divisor);
  TwinValue choose(const TwinValue &x, const TwinValue &y, bool least);
  TwinValue inWord(TwinValue x, mlir::Type type);
  Range narrowed(const TwinValue &arm, const TwinValue &condition, bool holds);
  Range range(const TwinValue &x) { return r.range(x.form); }
  Range nonNegative(const TwinValue &x) {
    Range result = range(x);
    r.assumeWithin(result, 0, INT64_MAX);
    return result;
  }

  TwinContext &context;
  RangeBuilder &r;
  mlir::IRMapping exact; ///< captures, and the uniform values of this region
  llvm::DenseMap<mlir::Value, TwinValue> values;
  struct Quotient {
    unsigned leaf;
    LinearForm dividend, divisor;
    Rounding rounding;
  };
  llvm::SmallVector<Quotient> quotients; ///< by run-time divisors, to recognise x - y * (x / y)
  Tri valid;
};

} // namespace lacuna
