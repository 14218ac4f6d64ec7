// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Keeps library calls out of generated code: conversions from f64 to 16 bits, and math functions.
#include "lib/Target/Target.h"
#include "passes/Host/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
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

/// A CPU without the instruction gets a product and a sum instead of a call of fmaf for every lane.
struct FuseWhereFast final : OpRewritePattern<math::FmaOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::FmaOp op, PatternRewriter &rewriter) const override {
    Type element = getElementTypeOrSelf(op.getType());
    auto vector = dyn_cast<VectorType>(op.getType());
    if ((!element.isF32() && !element.isF64()) || (vector && vector.getRank() != 1))
      return rewriter.notifyMatchFailure(op, "expects f32 or f64, or a vector of them");
    rewriter.replaceOpWithNewOp<LLVM::FMulAddOp>(op, op.getType(), op.getA(), op.getB(), op.getC());
    return success();
  }
};

/// floor, ceil and trunc for CPUs without an instruction for them: from 2^23 on a float is whole already, below it fits an integer.
template <typename Op>
struct RoundThroughInteger final : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!getElementTypeOrSelf(type).isF32())
      return rewriter.notifyMatchFailure(op, "expects f32");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto shaped = dyn_cast<ShapedType>(type);
    Type integer = shaped ? Type(shaped.clone(b.getI32Type())) : Type(b.getI32Type());
    auto constant = [&](float v) -> Value {
      FloatAttr value = b.getF32FloatAttr(v);
      return arith::ConstantOp::create(b, shaped ? TypedAttr(SplatElementsAttr::get(shaped, value)) : TypedAttr(value));
    };
    Value x = op.getOperand(), whole = arith::SIToFPOp::create(b, type, arith::FPToSIOp::create(b, integer, x));
    auto correct = [&](arith::CmpFPredicate wrong, float by) {
      Value next = arith::AddFOp::create(b, whole, constant(by));
      whole = arith::SelectOp::create(b, arith::CmpFOp::create(b, wrong, whole, x), next, whole);
    };
    if (isa<math::FloorOp>(op))
      correct(arith::CmpFPredicate::OGT, -1.0f);
    else if (isa<math::CeilOp>(op))
      correct(arith::CmpFPredicate::OLT, 1.0f);
    Value isSmall = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, math::AbsFOp::create(b, x), constant(8388608.0f));
    rewriter.replaceOpWithNewOp<arith::SelectOp>(op, isSmall, math::CopySignOp::create(b, whole, x), x);
    return success();
  }
};

/// True when code is surely compiled for a CPU that rounds in one instruction (SSE4.1, which every CPU with fma has).
bool hasRoundInstruction(Operation *op) {
  auto name = op->getAttrOfType<StringAttr>("tile.target");
  const TargetDescription *target = name ? lookupTarget(name) : nullptr;
  return target && llvm::is_contained(target->requirements, "fma");
}

struct HostLegalizeFloats final : impl::HostLegalizeFloatsPassBase<HostLegalizeFloats> {
  using Base::Base;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<TruncateThroughF32>(&getContext());
    if (approximate) {
      populateMathPolynomialApproximationPatterns(patterns, MathPolynomialApproximationOptions{});
      patterns.add<FuseWhereFast>(&getContext());
      math::populateExpansionPatterns(patterns, {"powf", "fpowi", "sinh", "cosh", "tan"});
      if (!hasRoundInstruction(getOperation())) {
        math::populateExpansionPatterns(patterns, {"round", "roundeven"});
        patterns.add<RoundThroughInteger<math::FloorOp>, RoundThroughInteger<math::CeilOp>, RoundThroughInteger<math::TruncOp>>(&getContext());
      }
    }
    // truncf(truncf(x)) would fold back to one conversion: no folding here.
    GreedyRewriteConfig config;
    config.enableFolding(false);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns), config)))
      signalPassFailure();
  }
};

} // namespace
} // namespace lacuna
