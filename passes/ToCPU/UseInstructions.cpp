// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cpu-use-instructions: vector patterns that a target has instructions for and that LLVM would not find. Which target has what follows from the numbers of
// its description: 64-byte registers (AVX-512F and DQ), products of bf16 pairs (AVX512-BF16). It runs before cpu-expand-math, which takes what is left.
#include "lib/Support/KernelTarget.h"
#include "passes/ToCPU/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lacuna {
#define GEN_PASS_DEF_CPUUSEINSTRUCTIONSPASS
#include "passes/ToCPU/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;

namespace {

constexpr int64_t kLanes = 16; // f32 lanes of a 64-byte register

bool isFullVector(Value value) {
  auto type = dyn_cast<VectorType>(value.getType());
  return type && type.getRank() == 1 && type.getDimSize(0) == kLanes && type.getElementType().isF32();
}

Value call(ImplicitLocOpBuilder &b, Type type, StringRef intrinsic, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(b, type, b.getStringAttr(intrinsic), operands).getResult(0);
}

/// 2^x = p(x - floor(x)) · 2^floor(x): VREDUCEPS leaves the fraction (0 for infinities), VSCALEFPS multiplies by the power (and gives 0, infinity and NaN as
/// it should). p is the minimax polynomial on [0, 1) with p(0) = 1, so powers of two are exact: of degree 5, largest relative error in f32 1.5e-7; where
/// approximations do, of degree 3, 8.6e-5, a twentieth of bf16's rounding.
struct Exp2WithScale final : OpRewritePattern<math::Exp2Op> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::Exp2Op op, PatternRewriter &rewriter) const override {
    if (!isFullVector(op.getOperand()))
      return rewriter.notifyMatchFailure(op, "only whole registers of f32");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto type = cast<VectorType>(op.getType());
    auto real = [&](float v) { return arith::ConstantOp::create(b, SplatElementsAttr::get(type, b.getF32FloatAttr(v))).getResult(); };
    auto whole = [&](unsigned bits, int64_t v) { return arith::ConstantOp::create(b, b.getIntegerAttr(b.getIntegerType(bits), v)).getResult(); };
    Value x = op.getOperand(), all = whole(16, -1), nothing = real(0.0f);
    Value downNoException = whole(32, 0x09), currentRounding = whole(32, 4);
    Value fraction = call(b, type, "llvm.x86.avx512.mask.reduce.ps.512", {x, downNoException, nothing, all, currentRounding});
    static constexpr float exact[] = {0.0018671314464882016f, 0.009017025120556355f, 0.05579992011189461f, 0.24016444385051727f, 0.6931512951850891f, 1.0f};
    static constexpr float approximate[] = {0.07706715166568756f, 0.2276448756456375f, 0.6951168179512024f, 1.0f};
    bool isExact = !arith::bitEnumContainsAny(op.getFastmath(), arith::FastMathFlags::afn);
    ArrayRef<float> coefficients = isExact ? ArrayRef(exact) : ArrayRef(approximate);
    Value p = real(coefficients.front());
    for (float c : coefficients.drop_front())
      p = math::FmaOp::create(b, p, fraction, real(c));
    rewriter.replaceOp(op, call(b, type, "llvm.x86.avx512.mask.scalef.ps.512", {p, x, nothing, all, currentRounding}));
    return success();
  }
};

/// Two rounded vectors interleaved: VCVTNE2PS2BF16 rounds both into one register, one permutation interleaves its halves.
struct RoundPairs final : OpRewritePattern<vector::InterleaveOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(vector::InterleaveOp op, PatternRewriter &rewriter) const override {
    auto low = op.getLhs().getDefiningOp<arith::TruncFOp>(), high = op.getRhs().getDefiningOp<arith::TruncFOp>();
    auto type = cast<VectorType>(op.getType());
    if (!low || !high || !isFullVector(low.getIn()) || !isFullVector(high.getIn()) || !type.getElementType().isBF16())
      return rewriter.notifyMatchFailure(op, "not two registers of f32 rounded to bf16");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value both = call(b, type, "llvm.x86.avx512bf16.cvtne2ps2bf16.512", {high.getIn(), low.getIn()});
    SmallVector<int64_t> order;
    for (int64_t lane = 0; lane < kLanes; ++lane)
      order.append({lane, lane + kLanes});
    rewriter.replaceOpWithNewOp<vector::ShuffleOp>(op, both, both, order);
    return success();
  }
};

struct CpuUseInstructions final : lacuna::impl::CpuUseInstructionsPassBase<CpuUseInstructions> {
  void runOnOperation() override {
    const TargetDescription *target = targetOf(getOperation());
    if (!target)
      return signalPassFailure();
    RewritePatternSet patterns(&getContext());
    if (target->vectorBytes == 64)
      patterns.add<Exp2WithScale>(&getContext());
    if (target->matrix.k >= 2)
      patterns.add<RoundPairs>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
