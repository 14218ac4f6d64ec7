// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// bf16 without the host's help: f32 <-> bf16 by shifts, constants by their bits. Matches what GPUs do in
// cvt.rn.bf16.f32.
#include "passes/Emulation/HostModule.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace lacuna;

static bool isBf16(Type type) { return getElementTypeOrSelf(type).isBF16(); }

/// The element type in the shape of `type`.
static Type shapedLike(Type type, Type element) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? Type(vector.clone(element)) : element;
}

static Value createInteger(ImplicitLocOpBuilder &builder, Type type, int32_t value) {
  Attribute scalar = builder.getI32IntegerAttr(value);
  auto shaped = dyn_cast<ShapedType>(type);
  return LLVM::ConstantOp::create(builder, type, shaped ? DenseElementsAttr::get(shaped, scalar) : scalar);
}

/// Round to nearest, ties to even; NaNs become quiet and keep their upper bits.
static Value truncate(ImplicitLocOpBuilder &builder, LLVM::FPTruncOp op) {
  Type i32 = shapedLike(op.getType(), builder.getI32Type()), i16 = shapedLike(op.getType(), builder.getI16Type());
  Value bits = LLVM::BitcastOp::create(builder, i32, op.getArg());
  Value sixteen = createInteger(builder, i32, 16), upper = LLVM::LShrOp::create(builder, bits, sixteen);
  Value odd = LLVM::AndOp::create(builder, upper, createInteger(builder, i32, 1));
  Value bias = LLVM::AddOp::create(builder, odd, createInteger(builder, i32, 0x7fff));
  Value sum = LLVM::AddOp::create(builder, bits, bias), rounded = LLVM::LShrOp::create(builder, sum, sixteen);
  Value isNan = LLVM::FCmpOp::create(builder, LLVM::FCmpPredicate::uno, op.getArg(), op.getArg());
  Value quiet = LLVM::OrOp::create(builder, upper, createInteger(builder, i32, 0x40));
  Value chosen = LLVM::SelectOp::create(builder, isNan, quiet, rounded);
  return LLVM::BitcastOp::create(builder, op.getType(), LLVM::TruncOp::create(builder, i16, chosen).getResult());
}

static Value extend(ImplicitLocOpBuilder &builder, LLVM::FPExtOp op) {
  Type from = op.getArg().getType();
  Type i32 = shapedLike(from, builder.getI32Type()), i16 = shapedLike(from, builder.getI16Type());
  Value bits = LLVM::BitcastOp::create(builder, i16, op.getArg());
  Value wide = LLVM::ZExtOp::create(builder, i32, bits);
  Value shifted = LLVM::ShlOp::create(builder, wide, createInteger(builder, i32, 16));
  return LLVM::BitcastOp::create(builder, op.getType(), shifted);
}

/// Null for a constant that is not made of numbers.
static Value asInteger(ImplicitLocOpBuilder &builder, LLVM::ConstantOp op) {
  Attribute bits;
  if (auto scalar = dyn_cast<FloatAttr>(op.getValue()))
    bits = builder.getIntegerAttr(builder.getI16Type(), scalar.getValue().bitcastToAPInt());
  else if (auto elements = dyn_cast<DenseElementsAttr>(op.getValue()))
    bits = elements.bitcast(builder.getI16Type());
  if (!bits)
    return Value();
  Value integer = LLVM::ConstantOp::create(builder, shapedLike(op.getType(), builder.getI16Type()), bits);
  return LLVM::BitcastOp::create(builder, op.getType(), integer);
}

/// The op without bf16 conversions, or null.
static Value expand(Operation *op) {
  ImplicitLocOpBuilder builder(op->getLoc(), op);
  auto isF32 = [](Type type) { return getElementTypeOrSelf(type).isF32(); };
  if (auto truncation = dyn_cast<LLVM::FPTruncOp>(op); truncation && isF32(truncation.getArg().getType()))
    return truncate(builder, truncation);
  if (auto extension = dyn_cast<LLVM::FPExtOp>(op); extension && isF32(extension.getType()))
    return extend(builder, extension);
  if (auto constant = dyn_cast<LLVM::ConstantOp>(op))
    return asInteger(builder, constant);
  return Value();
}

/// Ops that only carry values, whatever they are.
static bool onlyMoves(Operation *op) {
  return isa<LLVM::LoadOp, LLVM::StoreOp, LLVM::BitcastOp, LLVM::ExtractElementOp, LLVM::InsertElementOp,
             LLVM::ShuffleVectorOp, LLVM::SelectOp, LLVM::BrOp, LLVM::CondBrOp, LLVM::SwitchOp, LLVM::CallOp,
             LLVM::ReturnOp, LLVM::UndefOp, LLVM::PoisonOp, LLVM::ZeroOp, LLVM::ExtractValueOp, LLVM::InsertValueOp,
             LLVM::FreezeOp, LLVM::MaskedLoadOp, LLVM::MaskedStoreOp>(op);
}

LogicalResult lacuna::expandBf16(LLVM::LLVMFuncOp function) {
  WalkResult result = function.getBody().walk([](Operation *op) {
    if (llvm::none_of(op->getOperandTypes(), isBf16) && llvm::none_of(op->getResultTypes(), isBf16))
      return WalkResult::advance();
    if (onlyMoves(op))
      return WalkResult::advance();
    Value expanded = expand(op);
    if (!expanded) {
      op->emitError() << "expects bf16 values to be converted or moved only, but got '" << op->getName() << "'";
      return WalkResult::interrupt();
    }
    op->replaceAllUsesWith(ValueRange(expanded));
    op->erase();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}
