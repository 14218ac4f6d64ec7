// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/ScalarRange.h"

#include "dialects/Attn/Attn.h"

using namespace mlir;
using namespace lacuna::attn;

ConstantIntRanges lacuna::rangeOf(Value value, Ranges &known) {
  if (auto found = known.find(value); found != known.end())
    return found->second;
  unsigned width = ConstantIntRanges::getStorageBitwidth(value.getType());
  ConstantIntRanges range = ConstantIntRanges::maxRange(width);
  auto between = [&](int64_t low, int64_t high) { return ConstantIntRanges::fromSigned(APInt(64, low, true), APInt(64, high, true)); };
  Operation *op = value.getDefiningOp();
  auto isInteger = [](Type type) { return type.isSignlessInteger() || type.isIndex(); };
  auto isCoordinate = [&] { return isa_and_nonnull<IntervalOp, EqualOp, PredicateOp>(value.getParentBlock()->getParentOp()); };
  if (op ? isa<QueryLengthOp, KeyLengthOp>(op) : isCoordinate()) {
    range = between(0, INT32_MAX);
  } else if (auto lookup = dyn_cast_or_null<LookupOp>(op)) {
    Type entry = cast<ShapedType>(lookup.getTable().getType()).getElementType();
    if (entry.isInteger(1))
      range = between(0, 1);
    else if (entry.isInteger() && entry.getIntOrFloatBitWidth() <= 32)
      range = between(INT32_MIN, INT32_MAX);
  } else if (auto infers = dyn_cast_or_null<InferIntRangeInterface>(op); infers && llvm::all_of(op->getOperandTypes(), isInteger)) {
    SmallVector<ConstantIntRanges> operands;
    for (Value operand : op->getOperands())
      operands.push_back(rangeOf(operand, known));
    infers.inferResultRanges(operands, [&](Value result, const ConstantIntRanges &inferred) {
      if (result == value)
        range = inferred;
    });
  }
  known.insert({value, range});
  return range;
}

bool lacuna::fitsInt32(Value value, Ranges &known) {
  if (!value.getType().isSignlessInteger() && !value.getType().isIndex())
    return false;
  ConstantIntRanges range = rangeOf(value, known);
  return range.smin().sge(INT32_MIN) && range.smax().sle(INT32_MAX);
}
