// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/PositionDivision.h"

#include "lib/Analysis/ScalarRange.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace lacuna {

/// All coordinates of a tile lie in one block of constant size where the tile divides the block: the number of their block is that of the first one, and their place in
/// it is counted from there.
static Value emitInBlock(ImplicitLocOpBuilder &b, bool isQuotient, Value dividend, Value divisor, Value first, int64_t tile) {
  APInt size;
  if (!matchPattern(divisor, m_ConstantInt(&size)) || !size.isStrictlyPositive() || size.getSExtValue() % tile != 0)
    return {};
  if (isQuotient)
    return b.createOrFold<arith::DivUIOp>(first, divisor);
  Value inTile = b.createOrFold<arith::SubIOp>(dividend, first);
  return size.getSExtValue() == tile ? inTile : b.createOrFold<arith::AddIOp>(b.createOrFold<arith::RemUIOp>(first, divisor), inTile);
}

Value emitCheapDivision(ImplicitLocOpBuilder &b, Operation &op, const IRMapping &mapping, const Coordinates &at) {
  bool isQuotient = isa<arith::FloorDivSIOp, arith::DivSIOp, arith::DivUIOp>(op);
  if (!isQuotient && !isa<arith::RemSIOp, arith::RemUIOp>(op))
    return {};
  Value dividend = mapping.lookupOrDefault(op.getOperand(0)), divisor = mapping.lookupOrDefault(op.getOperand(1)), inBlock;
  if (at.queryTile > 0 && dividend == at.query)
    inBlock = emitInBlock(b, isQuotient, dividend, divisor, at.firstQuery, at.queryTile);
  else if (at.keyTile > 0 && dividend == at.key)
    inBlock = emitInBlock(b, isQuotient, dividend, divisor, at.firstKey, at.keyTile);
  if (inBlock)
    return inBlock;
  // Unsigned LLVM needs no correction of the sign.
  bool isSigned = !isa<arith::DivUIOp, arith::RemUIOp>(op);
  if (!isSigned || !at.ranges || !llvm::all_of(op.getOperands(), [&](Value v) { return rangeOf(v, *at.ranges).smin().isNonNegative(); }))
    return {};
  return isQuotient ? b.createOrFold<arith::DivUIOp>(dividend, divisor) : b.createOrFold<arith::RemUIOp>(dividend, divisor);
}

} // namespace lacuna
