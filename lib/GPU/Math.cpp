// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scalar math on a GPU without a device library: base-2 exponential and logarithm are instructions, the rest follows from them.
// Upstream's conversions call libdevice or ocml functions, which need not be there.
#include "lib/GPU/Lowering.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace lacuna;

namespace {

Value constantF32(OpBuilder &b, Location loc, double value) { return arith::ConstantOp::create(b, loc, b.getF32FloatAttr(value)); }

/// Base of the f32 functions that are computed from the target's exp2 and log2.
template <typename Op>
struct MathPattern : OpConversionPattern<Op> {
  MathPattern(MLIRContext *context, const GpuTarget &target) : OpConversionPattern<Op>(context), target(target) {}
  const GpuTarget &target;

  virtual Value compute(OpBuilder &b, Location loc, Value x) const = 0;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    if (!op.getType().isF32())
      return rewriter.notifyMatchFailure(op, "expects f32");
    rewriter.replaceOp(op, compute(rewriter, op.getLoc(), adaptor.getOperands()[0]));
    return success();
  }
};

struct Exp2Lowering : MathPattern<math::Exp2Op> {
  using MathPattern::MathPattern;
  Value compute(OpBuilder &b, Location loc, Value x) const override { return target.exp2(b, loc, x); }
};

struct ExpLowering : MathPattern<math::ExpOp> {
  using MathPattern::MathPattern;
  Value compute(OpBuilder &b, Location loc, Value x) const override {
    return target.exp2(b, loc, arith::MulFOp::create(b, loc, x, constantF32(b, loc, M_LOG2E)));
  }
};

struct Log2Lowering : MathPattern<math::Log2Op> {
  using MathPattern::MathPattern;
  Value compute(OpBuilder &b, Location loc, Value x) const override { return target.log2(b, loc, x); }
};

struct LogLowering : MathPattern<math::LogOp> {
  using MathPattern::MathPattern;
  Value compute(OpBuilder &b, Location loc, Value x) const override {
    return arith::MulFOp::create(b, loc, target.log2(b, loc, x), constantF32(b, loc, M_LN2));
  }
};

/// tanh x = 1 - 2 / (1 + e^2x): right at both ends, 1e-7 absolute between.
struct TanhLowering : MathPattern<math::TanhOp> {
  using MathPattern::MathPattern;
  Value compute(OpBuilder &b, Location loc, Value x) const override {
    Value one = constantF32(b, loc, 1);
    Value e = target.exp2(b, loc, arith::MulFOp::create(b, loc, x, constantF32(b, loc, 2 * M_LOG2E)));
    Value q = arith::DivFOp::create(b, loc, constantF32(b, loc, 2), arith::AddFOp::create(b, loc, one, e));
    return arith::SubFOp::create(b, loc, one, q);
  }
};

/// Operations that LLVM's code generators have instructions for.
template <typename Op, typename LlvmOp>
struct DirectLowering : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LlvmOp>(op, op.getType(), adaptor.getOperands());
    return success();
  }
};

struct RsqrtLowering : OpConversionPattern<math::RsqrtOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(math::RsqrtOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Value root = LLVM::SqrtOp::create(rewriter, op.getLoc(), op.getType(), adaptor.getOperand());
    rewriter.replaceOpWithNewOp<arith::DivFOp>(op, constantF32(rewriter, op.getLoc(), 1), root);
    return success();
  }
};

} // namespace

void lacuna::populateMathPatterns(RewritePatternSet &patterns, const GpuTarget &target) {
  MLIRContext *context = patterns.getContext();
  patterns.add<Exp2Lowering, ExpLowering, Log2Lowering, LogLowering, TanhLowering>(context, target);
  patterns.add<DirectLowering<math::FmaOp, LLVM::FMAOp>, DirectLowering<math::AbsFOp, LLVM::FAbsOp>, DirectLowering<math::SqrtOp, LLVM::SqrtOp>,
               DirectLowering<math::FloorOp, LLVM::FFloorOp>, DirectLowering<math::CeilOp, LLVM::FCeilOp>,
               DirectLowering<math::CopySignOp, LLVM::CopySignOp>, DirectLowering<math::CtPopOp, LLVM::CtPopOp>, RsqrtLowering>(context);
}
