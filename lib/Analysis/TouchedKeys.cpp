// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/TouchedKeys.h"

#include "lib/Analysis/IndexArithmetic.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace lacuna {
namespace {

bool isAsked(const OpaqueLiteral &literal) {
  auto predicate = literal.mask.getDefiningOp<attn::PredicateOp>();
  if (!predicate)
    return false;
  Block &body = predicate.getBody().front();
  Value key = body.getArgument(3);
  bool divides = false;
  for (Operation &op : body) {
    if (isa<attn::LookupOp, attn::SegmentOp, attn::ContainsOp>(op)) // a range of a table costs a scan
      return false;
    divides |= isa<arith::DivSIOp, arith::DivUIOp, arith::FloorDivSIOp, arith::CeilDivSIOp, arith::CeilDivUIOp, arith::RemSIOp, arith::RemUIOp>(op) &&
               op.getOperand(0) == key;
  }
  return divides;
}

/// May a pair of the box attend?
Value emitMayTouch(ImplicitLocOpBuilder &b, const MaskNormalForm &form, const TileBox &box, const IRMapping &captures) {
  DenseMap<Value, TileClass> classes; // a literal often stands in several terms
  Value some = boolean(b, false);
  for (const MaskTerm &term : form.terms) {
    Value touches = boolean(b, true);
    for (const OpaqueLiteral &literal : llvm::make_filter_range(term.opaque, isAsked)) {
      auto [known, isNew] = classes.try_emplace(literal.mask);
      if (isNew)
        known->second = emitSmallTileClass(b, b.getLoc(), literal.mask, box, captures);
      touches = both(b, touches, literal.negated ? negate(b, known->second.all) : known->second.any);
    }
    some = either(b, some, touches);
  }
  return some;
}

} // namespace

bool touchesKeysByBlocks(const MaskNormalForm &form) {
  return !form.terms.empty() && llvm::all_of(form.terms, [](const MaskTerm &term) { return llvm::any_of(term.opaque, isAsked); });
}

KeySpan emitTouchedKeys(ImplicitLocOpBuilder &b, const MaskNormalForm &form, const TileBox &box, int64_t step, const IRMapping &captures) {
  Value size = sub(b, box.k1, box.k0);
  auto loop = scf::ForOp::create(b, constant(b, 0), size, constant(b, step), ValueRange{size, constant(b, 0)},
                                 [&](OpBuilder &inner, Location loc, Value first, ValueRange soFar) {
                                   ImplicitLocOpBuilder at(loc, inner);
                                   TileBox keys = box;
                                   Value end = add(at, first, constant(at, step));
                                   keys.k0 = add(at, box.k0, first), keys.k1 = add(at, box.k0, end);
                                   Value touched = emitMayTouch(at, form, keys, captures);
                                   Value low = select(at, touched, min(at, soFar[0], first), soFar[0]);
                                   scf::YieldOp::create(at, ValueRange{low, select(at, touched, end, soFar[1])});
                                 });
  return {loop.getResult(0), loop.getResult(1)};
}

} // namespace lacuna
