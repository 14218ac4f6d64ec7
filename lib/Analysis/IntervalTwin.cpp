// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Atoms and algebra over the twin of their regions. Each atom has its own assumptions: one that fails makes that atom partial, not its neighbours.
#include "lib/Analysis/IntervalTwin.h"

#include "lib/Analysis/BlockMasks.h"
#include "lib/Analysis/RegionTwin.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

constexpr size_t kMaxIntersected = 4; // intervals of one conjunction compared pairwise: six pairs

class MaskTwin {
public:
  MaskTwin(ImplicitLocOpBuilder &b, const TileBox &box, const IRMapping &captures, bool inPieces) : b(b), box(box), captures(captures), inPieces(inPieces) {}

  /// `whole` on the box, the class of a predicate, made sharper by pieces of the box.
  Tri cut(const TwinContext &context, attn::PredicateOp op, Tri whole) {
    if (!inPieces || (!context.queryPeriod && !context.keyPeriod) || (isConstant(whole.any) && isConstant(whole.all)))
      return whole;
    return emitByPieces(b, box, context.queryPeriod, context.keyPeriod, whole, [&](ImplicitLocOpBuilder &at, const TileBox &piece) {
      TwinContext inside(at, piece, captures);
      return inside.r.underAssumptions(MaskTwin(at, piece, captures, false).atom(inside, op));
    });
  }

  /// Class of the mask, or of its complement.
  Tri classify(Value mask, bool negated) {
    Operation *op = mask.getDefiningOp();
    if (auto negation = dyn_cast<attn::NotOp>(op))
      return classify(negation.getOperand(), !negated);
    if (isa<attn::AndOp, attn::OrOp>(op))
      return isa<attn::AndOp>(op) != negated ? conjunction(op, negated) : disjunction(op, negated);
    if (isBlockMask(op)) {
      Tri blocks = blockMask(op);
      return negated ? RangeBuilder(b).negate(blocks) : blocks;
    }
    TwinContext context(b, box, captures);
    Tri inside = context.r.underAssumptions(atom(context, op));
    if (auto predicate = dyn_cast<attn::PredicateOp>(op))
      inside = cut(context, predicate, inside);
    return negated ? context.r.negate(inside) : inside;
  }

private:
  static bool isConstant(Value x) { return matchPattern(x, m_Constant()); }

  Tri blockMask(Operation *op) {
    TileClass found = emitBlockClass(b, op, box, captures, [&](ImplicitLocOpBuilder &at, const TileBox &local) -> TileClass {
      Tri inside = MaskTwin(at, local, captures, inPieces).classify(op->getOperand(0), /*negated=*/false);
      return {inside.any, inside.all};
    });
    return {found.any, found.all};
  }

  Tri atom(TwinContext &context, Operation *op) {
    if (auto interval = dyn_cast<attn::IntervalOp>(op))
      return touch(context, ends(context, interval));
    if (auto equal = dyn_cast<attn::EqualOp>(op)) {
      RegionRange f = emitRegionTwin(context, equal.getQuery(), {context.batch, context.head, context.query});
      RegionRange g = emitRegionTwin(context, equal.getKey(), {context.batch, context.head, context.key});
      Tri valid = context.r.both(f.valid, g.valid), same = context.r.unknown();
      if (std::optional<LinearForm> difference = subtract(context, f.values[0], g.values[0]))
        same = context.r.compareWithZero(CmpIPredicate::eq, context.r.range(*difference));
      return context.r.both(same, valid);
    }
    auto predicate = cast<attn::PredicateOp>(op);
    RegionRange p = emitRegionTwin(context, predicate.getBody(), {context.batch, context.head, context.query, context.key});
    Tri holds = p.values[0].kind == TwinValue::Boolean ? p.values[0].truth : context.r.unknown();
    return context.r.both(holds, p.valid);
  }

  RegionRange ends(TwinContext &context, attn::IntervalOp op) {
    return emitRegionTwin(context, op.getBounds(), {context.batch, context.head, context.query});
  }

  std::optional<LinearForm> subtract(TwinContext &context, const TwinValue &x, const TwinValue &y) {
    if (x.kind != TwinValue::Integer || y.kind != TwinValue::Integer)
      return std::nullopt;
    return context.r.add(x.form, y.form, -1);
  }

  /// lo <= k < hi on the box. A pair needs lo < k1, k0 < hi and lo < hi in its row; all pairs need lo <= k0 and k1 <= hi in all rows.
  Tri touch(TwinContext &context, const RegionRange &interval) {
    RangeBuilder &r = context.r;
    Tri inside{r.boolean(true), r.boolean(true)};
    const TwinValue &low = interval.values[0], &high = interval.values[1];
    if (low.kind == TwinValue::Integer) {
      Range lo = r.range(low.form);
      inside = r.both(inside, {r.compare(CmpIPredicate::slt, lo.lo, box.k1), r.compare(CmpIPredicate::sle, lo.hi, box.k0)});
    }
    if (high.kind == TwinValue::Integer) {
      Range hi = r.range(high.form);
      inside = r.both(inside, {r.compare(CmpIPredicate::sgt, hi.hi, box.k0), r.compare(CmpIPredicate::sge, hi.lo, box.k1)});
    }
    if (low.kind != TwinValue::Integer || high.kind != TwinValue::Integer)
      inside.all = r.boolean(false);
    inside.any = r.both(inside.any, crosses(context, low, high));
    return r.both(inside, interval.valid);
  }

  /// May low < high in some row?
  Value crosses(TwinContext &context, const TwinValue &low, const TwinValue &high) {
    std::optional<LinearForm> difference = subtract(context, low, high);
    if (!difference)
      return context.r.boolean(true);
    return context.r.compareWithZero(CmpIPredicate::slt, context.r.range(*difference)).any;
  }

  void flatten(Operation *op, bool negated, SmallVectorImpl<std::pair<Value, bool>> &operands) {
    for (Value operand : op->getOperands()) {
      Operation *inner = operand.getDefiningOp();
      bool flipped = negated;
      while (auto negation = dyn_cast<attn::NotOp>(inner)) {
        flipped = !flipped;
        operand = negation.getOperand();
        inner = operand.getDefiningOp();
      }
      // Operands that join the same way: and(and(..)), and(not(or(..))), and their duals.
      bool joins = isa<attn::AndOp, attn::OrOp>(inner) && (isa<attn::AndOp>(inner) != flipped) == (isa<attn::AndOp>(op) != negated);
      if (joins)
        flatten(inner, flipped, operands);
      else
        operands.push_back({operand, flipped});
    }
  }

  Tri disjunction(Operation *op, bool negated) {
    SmallVector<std::pair<Value, bool>> operands;
    flatten(op, negated, operands);
    RangeBuilder r(b);
    Tri result{r.boolean(false), r.boolean(false)};
    for (auto [operand, flipped] : operands)
      result = r.either(result, classify(operand, flipped));
    return result;
  }

  Tri conjunction(Operation *op, bool negated) {
    SmallVector<std::pair<Value, bool>> operands;
    flatten(op, negated, operands);
    RangeBuilder r(b);
    Tri result{r.boolean(true), r.boolean(true)};
    SmallVector<attn::IntervalOp> intervals;
    for (auto [operand, flipped] : operands) {
      result = r.both(result, classify(operand, flipped));
      if (auto interval = operand.getDefiningOp<attn::IntervalOp>(); interval && !flipped && intervals.size() < kMaxIntersected)
        intervals.push_back(interval);
    }
    if (intervals.size() > 1)
      result.any = r.both(result.any, intersects(intervals));
    return result;
  }

  /// May all intervals meet in some row? Every low end must lie below every high end of the same row.
  Value intersects(ArrayRef<attn::IntervalOp> intervals) {
    TwinContext context(b, box, captures);
    SmallVector<RegionRange> regions = llvm::map_to_vector(intervals, [&](attn::IntervalOp op) { return ends(context, op); });
    Value any = context.r.boolean(true);
    for (size_t i = 0; i < regions.size(); ++i)
      for (size_t j = 0; j < regions.size(); ++j)
        if (i != j)
          any = context.r.both(any, crosses(context, regions[i].values[0], regions[j].values[1]));
    return context.r.underAssumptions({any, context.r.boolean(false)}).any;
  }

  ImplicitLocOpBuilder &b;
  const TileBox &box;
  const IRMapping &captures;
  bool inPieces;
};

TileClass classify(OpBuilder &builder, Location loc, Value mask, const TileBox &box, const IRMapping &captures, bool inPieces) {
  ImplicitLocOpBuilder b(loc, builder);
  if (!mask) {
    Value yes = RangeBuilder(b).boolean(true);
    return {yes, yes};
  }
  Tri answer = MaskTwin(b, box, captures, inPieces).classify(mask, /*negated=*/false);
  return {answer.any, answer.all};
}

} // namespace

TileClass emitTileClass(OpBuilder &b, Location loc, Value mask, const TileBox &box, const IRMapping &captures) {
  return classify(b, loc, mask, box, captures, /*inPieces=*/true);
}

TileClass emitSmallTileClass(OpBuilder &b, Location loc, Value mask, const TileBox &box, const IRMapping &captures) {
  return classify(b, loc, mask, box, captures, /*inPieces=*/false);
}

} // namespace lacuna
