// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A division by zero would trap on a CPU, so run-time divisors are made positive once, here; every later stage may rely
// on it.
#include "passes/Masks/RegionRules.h"

#include "dialects/Attn/Attn.h"
#include "lib/Analysis/ScalarRange.h"
#include "lib/Support/IntegerDivision.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace lacuna::attn;

namespace {

bool isAtLeastOne(Value value) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return constant.isStrictlyPositive();
  auto bound = value.getDefiningOp<arith::MaxSIOp>();
  return bound && matchPattern(bound.getRhs(), m_ConstantInt(&constant)) && constant.isStrictlyPositive();
}

/// max(value, 1), or the value itself where it is known to be positive. An unsigned value is below 1 only when it is 0.
Value clampToOne(OpBuilder &b, Location loc, Value value, bool isUnsigned) {
  if (isAtLeastOne(value))
    return value;
  Value one = arith::ConstantOp::create(b, loc, b.getIntegerAttr(value.getType(), 1));
  return isUnsigned ? Value(arith::MaxUIOp::create(b, loc, value, one))
                    : Value(arith::MaxSIOp::create(b, loc, value, one));
}

/// affine.apply as linear arith ops with arith.floordivsi for floordiv, which the analysis reads (upstream's expansion
/// makes selects).
class AffineToArith {
public:
  AffineToArith(OpBuilder &b, affine::AffineApplyOp op) : b(b), loc(op.getLoc()), op(op) {}

  Value convert(AffineExpr expr) {
    if (auto constant = dyn_cast<AffineConstantExpr>(expr))
      return arith::ConstantIndexOp::create(b, loc, constant.getValue());
    if (auto dim = dyn_cast<AffineDimExpr>(expr))
      return op.getMapOperands()[dim.getPosition()];
    if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
      return op.getMapOperands()[op.getAffineMap().getNumDims() + symbol.getPosition()];
    auto binary = cast<AffineBinaryOpExpr>(expr);
    return combine(expr.getKind(), convert(binary.getLHS()), convert(binary.getRHS()));
  }

private:
  Value combine(AffineExprKind kind, Value lhs, Value rhs) {
    switch (kind) {
    case AffineExprKind::Add:
      return arith::AddIOp::create(b, loc, lhs, rhs);
    case AffineExprKind::Mul:
      return arith::MulIOp::create(b, loc, lhs, rhs);
    case AffineExprKind::FloorDiv:
      return arith::FloorDivSIOp::create(b, loc, lhs, rhs);
    case AffineExprKind::CeilDiv:
      return arith::CeilDivSIOp::create(b, loc, lhs, rhs);
    case AffineExprKind::Mod: // lhs - (lhs floordiv rhs) * rhs, never negative
      rhs =
          isa_and_nonnull<arith::ConstantOp>(rhs.getDefiningOp()) ? rhs : clampToOne(b, loc, rhs, /*isUnsigned=*/false);
      return arith::SubIOp::create(b, loc, lhs,
                                   arith::MulIOp::create(b, loc, arith::FloorDivSIOp::create(b, loc, lhs, rhs), rhs));
    default:
      llvm_unreachable("leaves are handled by convert");
    }
  }

  OpBuilder &b;
  Location loc;
  affine::AffineApplyOp op;
};

LogicalResult makeDivisorPositive(Operation *op) {
  OpOperand &divisor = op->getOpOperand(1);
  APInt constant;
  if (matchPattern(divisor.get(), m_ConstantInt(&constant))) {
    if (constant.isStrictlyPositive())
      return success();
    return op->emitOpError("expects a positive divisor, but got ") << constant.getSExtValue();
  }
  OpBuilder b(op);
  divisor.set(clampToOne(b, op->getLoc(), divisor.get(), isa<arith::DivUIOp, arith::CeilDivUIOp, arith::RemUIOp>(op)));
  return success();
}

/// A read counts where its value is used: what no later stage is sure to see goes before the first of them looks.
void eraseUnused(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

/// `value` brought to [low, high], unless it lies there anyhow.
Value clamp(OpBuilder &b, Location loc, Value value, int64_t low, int64_t high, lacuna::Ranges &ranges) {
  ConstantIntRanges range = lacuna::rangeOf(value, ranges);
  if (range.smin().slt(low))
    value = arith::MaxSIOp::create(b, loc, value, arith::ConstantIndexOp::create(b, loc, low));
  if (range.smax().sgt(high))
    value = arith::MinSIOp::create(b, loc, value, arith::ConstantIndexOp::create(b, loc, high));
  return value;
}

/// Frames give whatever positions they like; pairs of the mask that blocks are made of lie below 2^31, as those of an attention do, and their distance to the
/// pairs outside does not wrap.
void boundFrame(Operation *blocks) {
  constexpr int64_t maxLength = INT32_MAX, maxOffset = int64_t(1) << 62;
  if (blocks->getRegion(0).empty())
    return;
  Operation *yield = blocks->getRegion(0).front().getTerminator();
  OpBuilder b(yield);
  lacuna::Ranges ranges;
  for (auto [i, low, high] : {std::tuple(1, INT64_MIN, maxLength), std::tuple(2, -maxOffset, maxOffset), std::tuple(3, INT64_MIN, maxLength)})
    yield->setOperand(i, clamp(b, yield->getLoc(), yield->getOperand(i), low, high, ranges));
}

} // namespace

LogicalResult lacuna::attn::applyRegionRules(ModuleOp module) {
  SmallVector<affine::AffineApplyOp> maps;
  SmallVector<Operation *> divisions;
  auto inRegion = [](Operation *op) { return isa<IntervalOp, EqualOp, PredicateOp, BlockCoverOp, BlockInteriorOp, AttentionOp>(op->getParentOp()); };
  module.walk([&](Operation *op) {
    if (isa<IntervalOp, EqualOp, PredicateOp, BlockCoverOp, BlockInteriorOp>(op))
      for (Region &region : op->getRegions())
        llvm::for_each(region, eraseUnused);
  });
  module.walk([&](affine::AffineApplyOp op) {
    if (inRegion(op))
      maps.push_back(op);
  });
  for (affine::AffineApplyOp op : maps) {
    OpBuilder b(op);
    op.replaceAllUsesWith(AffineToArith(b, op).convert(op.getAffineMap().getResult(0)));
    op.erase();
  }
  module.walk([&](Operation *op) {
    if (isIntegerDivision(op) && inRegion(op))
      divisions.push_back(op);
    if (isa<BlockCoverOp, BlockInteriorOp>(op))
      boundFrame(op);
  });
  for (Operation *op : divisions)
    if (failed(makeDivisorPositive(op)))
      return failure();
  return success();
}
