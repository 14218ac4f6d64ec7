// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/TouchedKeys.h"

#include "lib/Analysis/IndexArithmetic.h"
#include "lib/Support/IntegerDivision.h"

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
    divides |= isIntegerDivision(&op) && op.getOperand(0) == key;
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
  auto touches = [&](ImplicitLocOpBuilder &at, Value first) {
    TileBox keys = box;
    keys.k0 = add(at, box.k0, first), keys.k1 = add(at, keys.k0, constant(at, step));
    return emitMayTouch(at, form, keys, captures);
  };
  // From both ends inwards: what is touched is seldom far from them.
  auto scan = [&](Value from, Value to, bool isUp) {
    auto first = [&](ImplicitLocOpBuilder &at, Value position) { return isUp ? position : sub(at, position, constant(at, step)); };
    auto loop = scf::WhileOp::create(
        b, TypeRange{b.getIndexType()}, ValueRange{from},
        [&](OpBuilder &inner, Location loc, ValueRange state) {
          ImplicitLocOpBuilder at(loc, inner);
          auto within = scf::IfOp::create(at, TypeRange{at.getI1Type()}, compare(at, arith::CmpIPredicate::ne, state[0], to), /*withElseRegion=*/true);
          ImplicitLocOpBuilder inThen(loc, within.getThenBodyBuilder()), inElse(loc, within.getElseBodyBuilder());
          scf::YieldOp::create(inThen, negate(inThen, touches(inThen, first(inThen, state[0]))));
          scf::YieldOp::create(inElse, boolean(inElse, false));
          scf::ConditionOp::create(at, within.getResult(0), state);
        },
        [&](OpBuilder &inner, Location loc, ValueRange state) {
          ImplicitLocOpBuilder at(loc, inner);
          scf::YieldOp::create(at, isUp ? add(at, state[0], constant(at, step)) : first(at, state[0]));
        });
    return loop.getResult(0);
  };
  Value zero = constant(b, 0), size = sub(b, box.k1, box.k0), begin = scan(zero, size, /*isUp=*/true);
  return {begin, scan(size, begin, /*isUp=*/false)};
}

} // namespace lacuna
