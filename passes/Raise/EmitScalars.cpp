// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scalar regions from expressions: tensors become lookups, coordinates affine.apply, everything else the same op on scalars.
#include "passes/Raise/EmitScalars.h"

#include "lib/Support/IntegerDivision.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace lacuna;
using namespace lacuna::raise;

static constexpr double lowestScore = -1e29; // the running maximum of a kernel starts at -1e30, in units of log2 e (docs/design/compiler.md)

Value ScalarEmitter::fail(const Twine &why) {
  if (reason.empty())
    reason = why.str();
  return {};
}

Value ScalarEmitter::emit(const Expr *expr, llvm::function_ref<Value(const Expr *)> replace) {
  expr = isScore ? elements.strip(expr) : elements.head(expr);
  if (Value given = replace(expr))
    return given;
  if (Value made = known.lookup(expr))
    return made;
  Value made = emitNew(expr, replace);
  if (made)
    known[expr] = made;
  return made;
}

Value ScalarEmitter::emitNew(const Expr *expr, llvm::function_ref<Value(const Expr *)> replace) {
  bool isConstant = isScore && expr->kind == Expr::Constant;
  if (expr->type.isF64() && !isConstant)
    return fail("it computes in f64");
  switch (expr->kind) {
  case Expr::Constant:
    return emitConstant(expr);
  case Expr::Scalar:
    return widen(expr->value, expr);
  case Expr::Index:
    return emitIndex(expr->at[0]);
  case Expr::Element:
    return emitElement(expr);
  case Expr::Gather: {
    SmallVector<Value> indices;
    for (const Expr *operand : expr->operands) {
      indices.push_back(emit(operand, replace));
      if (!indices.back())
        return {};
    }
    return emitLookup(expr, indices);
  }
  case Expr::Apply:
    return emitOp(expr, replace);
  }
  llvm_unreachable("unknown kind of expression");
}

/// The floats of a score are f32.
Value ScalarEmitter::widen(Value value, const Expr *expr) {
  bool isNarrow = isScore && isa<FloatType>(expr->type) && !expr->type.isF32();
  return isNarrow ? arith::ExtFOp::create(b, loc, b.getF32Type(), value).getResult() : value;
}

Value ScalarEmitter::emitConstant(const Expr *expr) {
  if (auto real = dyn_cast<FloatAttr>(expr->constant); real && isScore) {
    double value = real.getValueAsDouble();
    if (value < lowestScore && !std::isinf(value))
      return fail(llvm::formatv("it has the finite constant {0:e}, which kernels take for -inf (finite-mask-is-infinite allows that)", value).str());
    return arith::ConstantOp::create(b, loc, b.getF32FloatAttr(value));
  }
  return arith::ConstantOp::create(b, loc, expr->constant);
}

Value ScalarEmitter::emitIndex(AffineExpr expr) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return arith::ConstantIndexOp::create(b, loc, constant.getValue());
  AffineMap map = AffineMap::get(NumAxes, 0, expr);
  SmallVector<Value> operands;
  for (unsigned i = 0; i < NumAxes; ++i) {
    Value coordinate = i < coordinates.size() ? coordinates[i] : Value();
    if (!coordinate && map.isFunctionOfDim(i))
      return fail("it depends on a coordinate that is none of the mask's");
    operands.push_back(coordinate ? coordinate : coordinates[0]);
  }
  affine::canonicalizeMapAndOperands(&map, &operands);
  return b.createOrFold<affine::AffineApplyOp>(loc, map, operands);
}

Value ScalarEmitter::emitElement(const Expr *expr) {
  SmallVector<Value> indices;
  for (AffineExpr at : expr->at) {
    indices.push_back(emitIndex(at));
    if (!indices.back())
      return {};
  }
  if (!indices.empty())
    return emitLookup(expr, indices);
  OpBuilder::InsertionGuard guard(b); // a scalar: read once, outside
  b.setInsertionPoint(b.getInsertionBlock()->getParentOp());
  tensors.push_back(expr->value);
  Value value = tensor::ExtractOp::create(b, loc, expr->value);
  return widen(value, expr);
}

Value ScalarEmitter::emitLookup(const Expr *expr, ValueRange indices) {
  Type index = b.getIndexType();
  if (!expr->type.isSignlessInteger() && !isa<FloatType>(expr->type))
    return fail("it reads a tensor of elements that attn.lookup does not know");
  tensors.push_back(expr->value);
  bool isFloat = isa<FloatType>(expr->type);
  Value value = attn::LookupOp::create(b, loc, isFloat ? expr->type : index, expr->value, indices);
  if (isFloat)
    return widen(value, expr);
  if (expr->type.isInteger(1))
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, value, arith::ConstantIndexOp::create(b, loc, 0));
  return arith::IndexCastOp::create(b, loc, expr->type, value);
}

Value ScalarEmitter::emitOp(const Expr *expr, llvm::function_ref<Value(const Expr *)> replace) {
  Operation *op = expr->op;
  if (!isa<arith::ArithDialect, math::MathDialect>(op->getDialect()) || isa<arith::BitcastOp>(op))
    return fail("it computes with " + op->getName().getStringRef());
  auto narrow = [](const Expr *operand) { return isa<FloatType>(operand->type) && !operand->type.isF32(); };
  if (isScore && !isa<FloatType>(expr->type) && llvm::any_of(expr->operands, narrow))
    return fail(op->getName().getStringRef() + " depends on the rounding of a float below f32");
  if (isIntegerDivision(op)) { // attn's regions take no other divisor as it is
    const Expr *divisor = elements.head(expr->operands[1]);
    auto value = divisor->kind == Expr::Constant ? dyn_cast<IntegerAttr>(divisor->constant) : IntegerAttr();
    if (!value || !value.getValue().isStrictlyPositive())
      return fail(op->getName().getStringRef() + " has a divisor that is no positive constant");
  }
  OperationState state(loc, op->getName());
  for (const Expr *operand : expr->operands) {
    state.operands.push_back(emit(operand, replace));
    if (!state.operands.back())
      return {};
  }
  state.addTypes(isScore && isa<FloatType>(expr->type) ? Type(b.getF32Type()) : expr->type);
  state.addAttributes(op->getAttrDictionary().getValue());
  return b.create(state)->getResult(0);
}
