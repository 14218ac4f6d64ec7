// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Scalar math on a GPU without a device library: base-2 exponential and logarithm are instructions, the rest follows
// from them. Upstream's conversions call libdevice or ocml functions, which need not be there.
#include "lib/GPU/Lowering.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace lacuna;

namespace {

Value constantF32(OpBuilder &b, Location loc, double value) {
  return arith::ConstantOp::create(b, loc, b.getF32FloatAttr(value));
}

/// Base of the f32 functions that are computed from the target's exp2 and log2.
template <typename Op> struct MathPattern : OpConversionPattern<Op> {
  MathPattern(MLIRContext *context, const GpuTarget &target) : OpConversionPattern<Op>(context), target(target) {}
  const GpuTarget &target;

  virtual Value compute(OpBuilder &b, Location loc, Value x) const = 0;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
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

/// Functions that the code generators have instructions for, called by the name of LLVM's intrinsic: upstream's
/// conversions declare the intrinsics' own operations illegal.
Value callIntrinsic(OpBuilder &b, Location loc, StringRef name, Type type, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(b, loc, type, b.getStringAttr(name), operands).getResult(0);
}

template <typename Op> struct DirectLowering : OpConversionPattern<Op> {
  DirectLowering(MLIRContext *context, StringRef intrinsic) : OpConversionPattern<Op>(context), intrinsic(intrinsic) {}
  StringRef intrinsic;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, callIntrinsic(rewriter, op.getLoc(), intrinsic, op.getType(), adaptor.getOperands()));
    return success();
  }
};

struct RsqrtLowering : OpConversionPattern<math::RsqrtOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(math::RsqrtOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Value root = callIntrinsic(rewriter, op.getLoc(), "llvm.sqrt", op.getType(), adaptor.getOperand());
    Value one = arith::ConstantOp::create(rewriter, op.getLoc(), rewriter.getFloatAttr(op.getType(), 1));
    rewriter.replaceOpWithNewOp<arith::DivFOp>(op, one, root);
    return success();
  }
};

} // namespace

void lacuna::populateMathPatterns(RewritePatternSet &patterns, const GpuTarget &target) {
  MLIRContext *context = patterns.getContext();
  patterns.add<Exp2Lowering, ExpLowering, Log2Lowering, LogLowering, TanhLowering>(context, target);
  patterns.add<DirectLowering<math::FmaOp>>(context, "llvm.fma");
  patterns.add<DirectLowering<math::AbsFOp>>(context, "llvm.fabs");
  patterns.add<DirectLowering<math::SqrtOp>>(context, "llvm.sqrt");
  patterns.add<DirectLowering<math::FloorOp>>(context, "llvm.floor");
  patterns.add<DirectLowering<math::CeilOp>>(context, "llvm.ceil");
  patterns.add<DirectLowering<math::CopySignOp>>(context, "llvm.copysign");
  patterns.add<DirectLowering<math::CtPopOp>>(context, "llvm.ctpop");
  patterns.add<RsqrtLowering>(context);
}
