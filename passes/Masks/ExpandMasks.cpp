// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn-expand-masks: core masks become atoms. Every op is replaced where it stands, so masks shared by several
// attentions stay shared. Formulas: docs/semantics.md.
#include "dialects/Attn/Attn.h"
#include "passes/Masks/Combinators.h"
#include "passes/Masks/DocumentFrame.h"
#include "passes/Masks/Neighborhood.h"
#include "passes/Masks/Passes.h"
#include "passes/Masks/RegionRules.h"
#include "passes/Masks/RowBuilder.h"
#include "passes/Masks/SetMasks.h"
#include "passes/Masks/TransposeMask.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lacuna {
#define GEN_PASS_DEF_EXPANDMASKS
#include "passes/Masks/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;
using namespace lacuna::attn;

namespace {

/// Larger windows mean the same and would wrap. Constants are checked, run-time values brought back to it.
constexpr int64_t maxDistance = int64_t(1) << 62;

OpFoldResult clampDistance(Operation *user, OpFoldResult distance) {
  auto value = dyn_cast<Value>(distance);
  if (!value)
    return distance;
  OpBuilder b(user);
  Location loc = user->getLoc();
  Value low = arith::ConstantIndexOp::create(b, loc, -maxDistance), high = arith::ConstantIndexOp::create(b, loc, maxDistance);
  return arith::MinSIOp::create(b, loc, arith::MaxSIOp::create(b, loc, value, low), high).getResult();
}

Value expandAll(RowBuilder b) {
  Value zero = b.constant(0);
  return b.finish(zero, KeyLengthOp::create(b));
}

Value expandCausal(RowBuilder b, CausalOp op) {
  Value zero = b.constant(0);
  return b.finish(zero, b.add(b.position(op.getAlign()), b.constant(1)));
}

Value expandWindow(RowBuilder b, SlidingWindowOp op) {
  SmallVector<OpFoldResult> window = getMixedValues(op.getStaticWindow(), op.getWindow(), op.getContext());
  Value position = b.position(op.getAlign());
  Value lo = b.subtract(position, b.value(clampDistance(b.interval, window[0])));
  return b.finish(lo, b.add(b.add(position, b.value(clampDistance(b.interval, window[1]))), b.constant(1)));
}

Value expandSinks(RowBuilder b, SinkTokensOp op) {
  Value zero = b.constant(0);
  OpFoldResult count = getMixedValues(op.getStaticCount(), op.getCount(), op.getContext())[0];
  return b.finish(zero, b.value(clampDistance(b.interval, count))); // a document adds its start
}

Value expandKeyLengths(RowBuilder b, KeyLengthsOp op) {
  Value zero = b.constant(0);
  return b.finish(zero, LookupOp::create(b, b.getIndexType(), op.getLengths(), ValueRange{b.batch}));
}

Value expandDocument(OpBuilder &b, DocumentOp op) {
  DocumentFrame frame(op.getCuQ(), op.getCuK());
  Value same = frame.sameDocument(b, op.getLoc());
  if (!op.getInner())
    return same;
  Value local = frame.localize(b, op.getInner());
  return local ? AndOp::create(b, op.getLoc(), ValueRange{same, local}) : Value();
}

/// The replacement of one core mask; null, with an error emitted, where there is none.
Value expand(Operation *op) {
  OpBuilder b(op);
  for (StringRef name : {"static_window", "static_count"})
    if (auto constants = op->getAttrOfType<DenseI64ArrayAttr>(name))
      for (int64_t value : constants.asArrayRef())
        if (!ShapedType::isDynamic(value) && value > maxDistance)
          return op->emitOpError("expects constants up to 2^62, but got ") << value, Value();
  return TypeSwitch<Operation *, Value>(op)
      .Case([&](AllOp) { return expandAll(RowBuilder(b, op->getLoc())); })
      .Case([&](CausalOp mask) { return expandCausal(RowBuilder(b, op->getLoc()), mask); })
      .Case([&](SlidingWindowOp mask) { return expandWindow(RowBuilder(b, op->getLoc()), mask); })
      .Case([&](SinkTokensOp mask) { return expandSinks(RowBuilder(b, op->getLoc()), mask); })
      .Case([&](KeyLengthsOp mask) { return expandKeyLengths(RowBuilder(b, op->getLoc()), mask); })
      .Case([&](DocumentOp mask) { return expandDocument(b, mask); })
      .Case([&](SelectOp mask) { return expandSelect(b, mask); })
      .Case([&](RestrictOp mask) { return expandRestrict(b, mask); })
      .Case([&](NeighborhoodOp mask) { return expandNeighborhood(b, mask); })
      .Case([&](TransposeOp mask) { return expandTranspose(b, mask); })
      .Case<MemberOp, BlockSparseOp, ColumnRunsOp, HashedOp, VerticalSlashOp>([&](auto mask) { return expandSetMask(b, mask); });
}

struct ExpandMasks final : lacuna::impl::ExpandMasksBase<ExpandMasks> {
  using Base::Base;

  void runOnOperation() override {
    if (failed(simplify()) || failed(expandAllMasks()) || failed(checkMasks()) ||
        failed(applyRegionRules(getOperation())) || failed(simplify()))
      return signalPassFailure();
    eraseUnused();
  }

private:
  SmallVector<Operation *> collect(llvm::function_ref<bool(Operation *)> wanted) {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (wanted(op))
        ops.push_back(op);
    });
    return ops;
  }

  /// The canonicalisation of the algebra, on the mask ops alone.
  LogicalResult simplify() {
    RewritePatternSet patterns(&getContext());
    AndOp::getCanonicalizationPatterns(patterns, &getContext());
    OrOp::getCanonicalizationPatterns(patterns, &getContext());
    GreedyRewriteConfig config;
    config.setStrictness(GreedyRewriteStrictness::ExistingOps);
    return applyOpPatternsGreedily(collect(llvm::IsaPred<AndOp, OrOp, NotOp>), std::move(patterns), config);
  }

  LogicalResult expandEach(ArrayRef<Operation *> ops) {
    for (Operation *op : ops) {
      Value expanded = expand(op);
      if (!expanded)
        return failure();
      op->getResult(0).replaceAllUsesWith(expanded);
      op->erase();
    }
    return success();
  }

  /// In program order, so that the inner mask of a document is expanded before the document. Transposes first, while masks still have their kind; those of core
  /// masks without a rule once more, on atoms.
  LogicalResult expandAllMasks() {
    if (failed(expandEach(collect(llvm::IsaPred<TransposeOp>))))
      return failure();
    return expandEach(collect(llvm::IsaPred<AllOp, CausalOp, SlidingWindowOp, SinkTokensOp, KeyLengthsOp, DocumentOp, SelectOp, RestrictOp, NeighborhoodOp,
                                            MemberOp, BlockSparseOp, ColumnRunsOp, HashedOp, VerticalSlashOp, TransposeOp>));
  }

  /// Refuses masks that later stages could not see through.
  LogicalResult checkMasks() {
    WalkResult result = getOperation().walk([](Operation *op) {
      if (auto named = dyn_cast<NamedOp>(op))
        return named.emitOpError("expects attn-link-masks to run first"), WalkResult::interrupt();
      if (!isa<AttentionOp>(op) && !isExpandedMask(op))
        return WalkResult::advance();
      for (Value operand : op->getOperands())
        if (isa<MaskType>(operand.getType()) && !isExpandedMask(operand.getDefiningOp()))
          return op->emitOpError("expects a mask built from attn mask ops in the same function, but got ") << operand,
                 WalkResult::interrupt();
      return WalkResult::advance();
    });
    return failure(result.wasInterrupted());
  }

  void eraseUnused() {
    SmallVector<Operation *> masks = collect([](Operation *op) {
      return isExpandedMask(op) || (op->getNumResults() == 1 && isa<SetType>(op->getResult(0).getType()));
    });
    for (Operation *op : llvm::reverse(masks))
      if (isOpTriviallyDead(op))
        op->erase();
  }
};

} // namespace
