// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/PositionDivision.h"

#include "lib/Analysis/ScalarRange.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace lacuna {

/// In a tile that divides the block, of constant size: the number of the block is that of the tile's first coordinate, and places in it are counted from there.
static Value emitInBlock(ImplicitLocOpBuilder &b, bool isQuotient, Value dividend, Value divisor, const AlignedTile &tile) {
  APInt size;
  if (!matchPattern(divisor, m_ConstantInt(&size)) || !size.isStrictlyPositive() || size.getSExtValue() % tile.size != 0)
    return {};
  if (isQuotient)
    return b.createOrFold<arith::DivUIOp>(tile.first, divisor);
  Value inTile = b.createOrFold<arith::SubIOp>(dividend, tile.first);
  return size.getSExtValue() == tile.size ? inTile : b.createOrFold<arith::AddIOp>(b.createOrFold<arith::RemUIOp>(tile.first, divisor), inTile);
}

Value emitCheapDivision(ImplicitLocOpBuilder &b, Operation &op, const IRMapping &mapping, const Coordinates &at) {
  bool isQuotient = isa<arith::FloorDivSIOp, arith::DivSIOp, arith::DivUIOp>(op);
  if (!isQuotient && !isa<arith::RemSIOp, arith::RemUIOp>(op))
    return {};
  Value dividend = mapping.lookupOrDefault(op.getOperand(0)), divisor = mapping.lookupOrDefault(op.getOperand(1)), inBlock;
  if (at.queryTile.size > 0 && dividend == at.query)
    inBlock = emitInBlock(b, isQuotient, dividend, divisor, at.queryTile);
  else if (at.keyTile.size > 0 && dividend == at.key)
    inBlock = emitInBlock(b, isQuotient, dividend, divisor, at.keyTile);
  if (inBlock)
    return inBlock;
  // Unsigned LLVM needs no correction of the sign.
  bool isSigned = !isa<arith::DivUIOp, arith::RemUIOp>(op);
  if (!isSigned || !at.ranges || !llvm::all_of(op.getOperands(), [&](Value v) { return rangeOf(v, *at.ranges).smin().isNonNegative(); }))
    return {};
  return isQuotient ? b.createOrFold<arith::DivUIOp>(dividend, divisor) : b.createOrFold<arith::RemUIOp>(dividend, divisor);
}

} // namespace lacuna
