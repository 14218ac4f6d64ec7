// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The rules, in order of preference. Comparisons are solved for the key only where nothing can wrap; everything else keeps its own arithmetic.
#include "passes/Raise/RaiseMasks.h"
#include "passes/Raise/TensorView.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::raise;
using arith::CmpIPredicate;

Value MaskRaiser::negateIf(bool negated, Value mask) { return mask && negated ? attn::NotOp::create(b, loc, mask).getResult() : mask; }

bool MaskRaiser::fill(Region &region, ArrayRef<unsigned> axes, llvm::function_ref<bool(ScalarEmitter &)> body) {
  OpBuilder::InsertionGuard guard(b);
  Block *block = b.createBlock(&region, {}, SmallVector<Type>(axes.size(), b.getIndexType()), SmallVector<Location>(axes.size(), loc));
  SmallVector<Value> coordinates(Key + 1);
  for (auto [axis, argument] : llvm::zip_equal(axes, block->getArguments()))
    coordinates[axis] = argument;
  ScalarEmitter emitter(b, loc, elements, coordinates, /*isScore=*/false);
  bool done = body(emitter);
  llvm::append_range(tensors, emitter.getTensors());
  if (!done && reason.empty())
    reason = emitter.getReason();
  return done;
}

Value MaskRaiser::raise(const Expr *condition, bool attends) {
  const Expr *e = elements.head(condition);
  if (e->kind == Expr::Constant)
    return negateIf(cast<IntegerAttr>(e->constant).getValue().isOne() != attends, attn::AllOp::create(b, loc));
  if (applied<arith::AndIOp>(e) || applied<arith::OrIOp>(e)) {
    Value x = raise(e->operands[0], attends), y = x ? raise(e->operands[1], attends) : Value();
    if (!y)
      return {};
    bool both = isa<arith::AndIOp>(e->op) == attends; // De Morgan
    return both ? attn::AndOp::create(b, loc, ValueRange{x, y}).getResult() : attn::OrOp::create(b, loc, ValueRange{x, y}).getResult();
  }
  if (applied<arith::XOrIOp>(e))
    for (unsigned i : {0, 1})
      if (const Expr *other = elements.head(e->operands[i]); other->kind == Expr::Constant)
        return raise(e->operands[1 - i], attends != cast<IntegerAttr>(other->constant).getValue().isOne());
  if (applied<arith::CmpIOp>(e))
    return raiseComparison(e, attends);
  Value mask = e->kind == Expr::Element ? raiseTable(e) : Value();
  return negateIf(!attends, mask ? mask : raisePredicate(e));
}

/// An i1 tensor of pairs is a set of blocks of one pair.
Value MaskRaiser::raiseTable(const Expr *element) {
  auto type = cast<RankedTensorType>(element->value.getType());
  std::optional<TensorView> view = viewOf(elements, type, element->at, Query, Key, /*isGrouped=*/true);
  if (!view)
    return {};
  tensors.push_back(element->value);
  Value table = arrange(b, loc, element->value, *view, attn::Layout::bhsd);
  Value set = attn::TableSetOp::create(b, loc, attn::SetType::get(b.getContext(), attn::SetFormat::Table), table, b.getDenseI64ArrayAttr({1, 1}));
  return attn::BlockSparseOp::create(b, loc, set);
}

Value MaskRaiser::raisePredicate(const Expr *condition) {
  auto mask = attn::PredicateOp::create(b, loc);
  bool done = fill(mask.getBody(), {Batch, Head, Query, Key}, [&](ScalarEmitter &emitter) {
    Value value = emitter.emit(condition);
    if (value)
      attn::YieldOp::create(b, loc, value);
    return value != nullptr;
  });
  return done ? mask.getResult() : Value();
}

/// Both sides as index, each without the coordinate of the other side.
Value MaskRaiser::raiseEqual(const Expr *query, const Expr *key) {
  auto mask = attn::EqualOp::create(b, loc);
  auto side = [&](const Expr *expr) {
    return [&, expr](ScalarEmitter &emitter) {
      Value value = emitter.emit(expr);
      if (value)
        attn::YieldOp::create(b, loc, b.createOrFold<arith::IndexCastOp>(loc, b.getIndexType(), value));
      return value != nullptr;
    };
  };
  bool done = fill(mask.getQuery(), {Batch, Head, Query}, side(query)) && fill(mask.getKey(), {Batch, Head, Key}, side(key));
  return done ? mask.getResult() : Value();
}

static CmpIPredicate exchange(CmpIPredicate predicate) {
  switch (predicate) {
  case CmpIPredicate::slt:
    return CmpIPredicate::sgt;
  case CmpIPredicate::sle:
    return CmpIPredicate::sge;
  case CmpIPredicate::sgt:
    return CmpIPredicate::slt;
  case CmpIPredicate::sge:
    return CmpIPredicate::sle;
  default:
    return predicate;
  }
}

/// The signed comparison of the same name; equalities have no sign.
static CmpIPredicate toSigned(CmpIPredicate predicate) {
  switch (predicate) {
  case CmpIPredicate::ult:
    return CmpIPredicate::slt;
  case CmpIPredicate::ule:
    return CmpIPredicate::sle;
  case CmpIPredicate::ugt:
    return CmpIPredicate::sgt;
  case CmpIPredicate::uge:
    return CmpIPredicate::sge;
  default:
    return predicate;
  }
}

Value MaskRaiser::raiseComparison(const Expr *comparison, bool attends) {
  auto predicate = cast<arith::CmpIOp>(comparison->op).getPredicate();
  const Expr *lhs = elements.head(comparison->operands[0]), *rhs = elements.head(comparison->operands[1]);
  std::optional<AffineExpr> a = elements.asAffine(lhs), c = elements.asAffine(rhs);
  auto isNatural = [&](std::optional<AffineExpr> side) { return side && elements.bound(*side, false).value_or(-1) >= 0; };
  if (isNatural(a) && isNatural(c))
    predicate = toSigned(predicate);
  bool hasIndex = lhs->type.isIndex() || (lhs->type.getIntOrFloatBitWidth() > 1 && lhs->type.getIntOrFloatBitWidth() <= 64);
  if (hasIndex && toSigned(predicate) == predicate) {
    if (!attends)
      predicate = arith::invertPredicate(predicate);
    bool left = dependsOn(elements, lhs, Key), right = dependsOn(elements, rhs, Key);
    bool isEquality = predicate == CmpIPredicate::eq || predicate == CmpIPredicate::ne;
    // Both sides known: everything to one side. One side with the key: solved for it.
    Value mask;
    if (a && c) {
      const Expr *difference = elements.make({Expr::Index, b.getIndexType(), {}, {}, nullptr, {elements.simplify(*a - *c)}});
      const Expr *zero = elements.make({Expr::Constant, b.getIndexType(), b.getIndexAttr(0)});
      mask = raiseInterval(predicate, difference, zero);
    } else if (left != right) {
      mask = raiseInterval(left ? predicate : exchange(predicate), left ? lhs : rhs, left ? rhs : lhs);
    }
    if (!mask && reason.empty() && isEquality && left != right && !dependsOn(elements, left ? lhs : rhs, Query))
      mask = negateIf(predicate == CmpIPredicate::ne, raiseEqual(left ? rhs : lhs, left ? lhs : rhs));
    if (mask || !reason.empty())
      return mask;
  }
  return negateIf(!attends, raisePredicate(comparison));
}

/// k <= q + offset, where it has a name.
Value MaskRaiser::causal(AffineExpr offset) {
  auto constant = dyn_cast<AffineConstantExpr>(offset);
  if (!constant)
    return {};
  int64_t queries = elements.size(Query), keys = elements.size(Key);
  if (constant.getValue() == 0)
    return attn::CausalOp::create(b, loc, attn::Align::TopLeft);
  if (!ShapedType::isDynamic(queries) && !ShapedType::isDynamic(keys) && constant.getValue() == keys - queries)
    return attn::CausalOp::create(b, loc, attn::Align::BottomRight);
  return {};
}

/// other + shift, or shift - other, brought to where no sum with a length wraps.
static Value emitEnd(OpBuilder &b, Location loc, ScalarEmitter &emitter, const Expr *other, bool isNegative, AffineExpr shift) {
  constexpr int64_t far = int64_t(1) << 62;
  Value value = emitter.emit(other);
  if (!value)
    return {};
  bool isNarrow = value.getType().isInteger() && value.getType().getIntOrFloatBitWidth() <= 32;
  value = b.createOrFold<arith::IndexCastOp>(loc, b.getIndexType(), value);
  if (!isNarrow) {
    value = arith::MaxSIOp::create(b, loc, value, arith::ConstantIndexOp::create(b, loc, -far));
    value = arith::MinSIOp::create(b, loc, value, arith::ConstantIndexOp::create(b, loc, far));
  }
  if (!isNegative && shift == b.getAffineConstantExpr(0))
    return value;
  Value constant = emitter.emitIndex(shift);
  return isNegative ? arith::SubIOp::create(b, loc, constant, value).getResult() : arith::AddIOp::create(b, loc, value, constant).getResult();
}

/// `key` PREDICATE `other`, where key is k or -k plus something linear, and other does not depend on k: a half line of keys, or one key.
Value MaskRaiser::raiseInterval(CmpIPredicate predicate, const Expr *key, const Expr *other) {
  std::optional<AffineExpr> linear = elements.asAffine(key), known = elements.asAffine(other);
  if (!linear || !elements.bound(*linear, false)) // only linear expressions have bounds
    return {};
  AffineExpr k = elements.axis(Key), rest = linear->replace(k, b.getAffineConstantExpr(0));
  bool isNegative = elements.simplify(*linear + k) == rest;
  if (!isNegative && elements.simplify(*linear - k) != rest)
    return {};
  predicate = isNegative ? exchange(predicate) : predicate;
  // k against other - rest, or rest - other; ends are exclusive.
  bool isPoint = predicate == CmpIPredicate::eq || predicate == CmpIPredicate::ne;
  bool isUpper = predicate == CmpIPredicate::slt || predicate == CmpIPredicate::sle;
  int64_t next = predicate == CmpIPredicate::sle || predicate == CmpIPredicate::sgt ? 1 : 0;
  AffineExpr shift = (isNegative ? rest : -rest) + next;
  if (known) {
    shift = elements.simplify(isNegative ? shift - *known : *known + shift);
    if (Value named = isUpper ? causal(elements.simplify(shift - elements.axis(Query) - 1)) : Value())
      return named;
  }
  auto mask = attn::IntervalOp::create(b, loc);
  bool done = fill(mask.getBounds(), {Batch, Head, Query}, [&](ScalarEmitter &emitter) {
    Value end = known ? emitter.emitIndex(shift) : emitEnd(b, loc, emitter, other, isNegative, shift);
    if (!end)
      return false;
    Value low = isUpper ? arith::ConstantIndexOp::create(b, loc, 0).getResult() : end, high = end;
    if (isPoint)
      high = arith::AddIOp::create(b, loc, end, arith::ConstantIndexOp::create(b, loc, 1));
    else if (!isUpper)
      high = attn::KeyLengthOp::create(b, loc);
    attn::YieldOp::create(b, loc, ValueRange{low, high});
    return true;
  });
  return done ? negateIf(predicate == CmpIPredicate::ne, mask) : Value();
}
