// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Keeps library calls out of generated code: conversions from f64 to 16 bits, and math functions.
#include "passes/Host/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_HOSTLEGALIZEFLOATSPASS
#include "passes/Host/Passes.h.inc"

namespace {

struct TruncateThroughF32 final : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncFOp op, PatternRewriter &rewriter) const override {
    Type to = getElementTypeOrSelf(op.getType());
    if (!getElementTypeOrSelf(op.getIn()).isF64() || (!to.isF16() && !to.isBF16()))
      return rewriter.notifyMatchFailure(op, "expects f64 to f16 or bf16");
    Type middle = rewriter.getF32Type();
    if (auto shaped = dyn_cast<ShapedType>(op.getType()))
      middle = shaped.clone(middle);
    Value narrow = arith::TruncFOp::create(rewriter, op.getLoc(), middle, op.getIn());
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, op.getType(), narrow);
    return success();
  }
};

struct HostLegalizeFloats final : impl::HostLegalizeFloatsPassBase<HostLegalizeFloats> {
  using Base::Base;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<TruncateThroughF32>(&getContext());
    if (approximate)
      populateMathPolynomialApproximationPatterns(patterns, MathPolynomialApproximationOptions{});
    // truncf(truncf(x)) would fold back to one conversion: no folding here.
    GreedyRewriteConfig config;
    config.enableFolding(false);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns), config)))
      signalPassFailure();
  }
};

} // namespace
} // namespace lacuna
