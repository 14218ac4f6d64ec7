// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Simplifications of the mask algebra that always win: fewer masks, the same pairs.
#include "dialects/Attn/Attn.h"

#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace lacuna::attn;

namespace {

/// and(a, and(b, c), a) -> and(a, b, c); the same for or.
template <typename AlgebraOp> struct FlattenOperands : OpRewritePattern<AlgebraOp> {
  using OpRewritePattern<AlgebraOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(AlgebraOp op, PatternRewriter &rewriter) const override {
    llvm::SmallSetVector<Value, 8> flat;
    for (Value mask : op.getMasks()) {
      if (auto nested = mask.template getDefiningOp<AlgebraOp>())
        flat.insert_range(nested.getMasks());
      else
        flat.insert(mask);
    }
    if (flat.getArrayRef() == ArrayRef<Value>(llvm::to_vector(op.getMasks())))
      return rewriter.notifyMatchFailure(op, "flat already");
    rewriter.modifyOpInPlace(op, [&] { op.getMasksMutable().assign(flat.getArrayRef()); });
    return success();
  }
};

bool isAll(Value mask) { return isa_and_nonnull<AllOp>(mask.getDefiningOp()); }

/// and(all, a, b) -> and(a, b).
struct DropAllFromAnd : OpRewritePattern<AndOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(AndOp op, PatternRewriter &rewriter) const override {
    SmallVector<Value> kept = llvm::filter_to_vector(op.getMasks(), [](Value mask) { return !isAll(mask); });
    if (kept.empty() || kept.size() == op.getMasks().size())
      return rewriter.notifyMatchFailure(op, "expects an operand attn.all beside others");
    rewriter.modifyOpInPlace(op, [&] { op.getMasksMutable().assign(kept); });
    return success();
  }
};

} // namespace

void AndOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<FlattenOperands<AndOp>, DropAllFromAnd>(context);
}

void OrOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<FlattenOperands<OrOp>>(context);
}

OpFoldResult AndOp::fold(FoldAdaptor) { return getMasks().size() == 1 ? getMasks().front() : Value(); }

/// or(a) -> a; or(a, all) -> all.
OpFoldResult OrOp::fold(FoldAdaptor) {
  if (getMasks().size() == 1)
    return getMasks().front();
  auto all = llvm::find_if(getMasks(), isAll);
  return all == getMasks().end() ? Value() : *all;
}

/// not(not(a)) -> a.
OpFoldResult NotOp::fold(FoldAdaptor) {
  auto inner = getOperand().getDefiningOp<NotOp>();
  return inner ? inner.getOperand() : Value();
}

/// transpose(transpose(a)) -> a.
OpFoldResult TransposeOp::fold(FoldAdaptor) {
  auto inner = getOperand().getDefiningOp<TransposeOp>();
  return inner ? inner.getOperand() : Value();
}
