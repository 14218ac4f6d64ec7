// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cpu-expand-math: no libm. exp2 carries the softmax, so it has its own short polynomial; upstream's approximations do the rest.
#include "passes/ToCPU/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lacuna {
#define GEN_PASS_DEF_CPUEXPANDMATHPASS
#include "passes/ToCPU/Passes.h.inc"
} // namespace lacuna

using namespace mlir;

namespace {

/// 2^x = 2^n · p(x - n), n the nearest integer, p the minimax polynomial of degree 6 on [-1/2, 1/2]. Adding 1.5 · 2^23 rounds to the nearest integer and
/// leaves n in the low bits; shifted into the exponent field it is 2^n. The clamp makes n = -127 give exactly 0 and n = 128 infinity.
struct ExpandExp2 final : OpRewritePattern<math::Exp2Op> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::Exp2Op op, PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!getElementTypeOrSelf(type).isF32())
      return rewriter.notifyMatchFailure(op, "only f32");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto shaped = dyn_cast<VectorType>(type);
    Type integer = shaped ? Type(shaped.clone(b.getI32Type())) : Type(b.getI32Type());
    auto real = [&](float v) {
      FloatAttr value = b.getF32FloatAttr(v);
      return arith::ConstantOp::create(b, shaped ? TypedAttr(SplatElementsAttr::get(shaped, value)) : TypedAttr(value)).getResult();
    };
    auto whole = [&](int32_t v) {
      IntegerAttr value = b.getI32IntegerAttr(v);
      return arith::ConstantOp::create(b, shaped ? TypedAttr(SplatElementsAttr::get(cast<ShapedType>(integer), value)) : TypedAttr(value)).getResult();
    };
    // Selects rather than min and max: a NaN passes through, and x86 has exactly this instruction.
    auto clamp = [&](Value x, float bound, arith::CmpFPredicate predicate) {
      return arith::SelectOp::create(b, arith::CmpFOp::create(b, predicate, x, real(bound)), real(bound), x).getResult();
    };
    Value x = clamp(op.getOperand(), -127.0f, arith::CmpFPredicate::OLT);
    x = clamp(x, 128.0f, arith::CmpFPredicate::OGT);
    Value shifted = arith::AddFOp::create(b, x, real(12582912.0f));
    Value fraction = arith::SubFOp::create(b, x, arith::SubFOp::create(b, shifted, real(12582912.0f)));
    Value p = real(1.5403530393381609e-4f);
    for (float c : {1.3333558146428443e-3f, 9.6181291076284772e-3f, 5.5504108664821580e-2f, 2.4022650695910071e-1f, 6.9314718055994531e-1f, 1.0f})
      p = math::FmaOp::create(b, p, fraction, real(c));
    Value exponent = arith::ShLIOp::create(b, arith::BitcastOp::create(b, integer, shifted), whole(23));
    Value power = arith::BitcastOp::create(b, type, arith::AddIOp::create(b, exponent, whole(0x3f800000)));
    rewriter.replaceOpWithNewOp<arith::MulFOp>(op, p, power);
    return success();
  }
};

struct CpuExpandMath final : lacuna::impl::CpuExpandMathPassBase<CpuExpandMath> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ExpandExp2>(&getContext(), /*benefit=*/10);
    populateMathPolynomialApproximationPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
