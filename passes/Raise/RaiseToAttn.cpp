// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// raise-to-attn: looks at every product whether it is the last one of an attention, and replaces it. What it does not know completely it leaves, with a remark.
#include "passes/Raise/Passes.h"
#include "passes/Raise/RaiseMasks.h"
#include "passes/Raise/TensorView.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"

#include <cmath>

namespace lacuna {
#define GEN_PASS_DEF_RAISETOATTN
#include "passes/Raise/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;
using namespace lacuna::raise;

namespace {

/// Remembers what is built, to take it back.
struct Transaction : OpBuilder::Listener {
  void notifyOperationInserted(Operation *op, OpBuilder::InsertPoint) override { made.push_back(op); }
  void rollBack() {
    for (Operation *op : llvm::reverse(made))
      op->erase();
    made.clear();
  }
  SmallVector<Operation *> made;
};

/// The product of queries and keys, and what follows from it up to the root, are used by nothing else that lives.
Operation *findOtherUser(Attention &attention) {
  llvm::SetVector<Operation *> after, before;
  getForwardSlice(attention.scores.getOperation(), &after);
  after.insert(attention.scores);
  BackwardSliceOptions options;
  options.omitBlockArguments = true;
  (void)getBackwardSlice(attention.root, &before, options);
  Operation *root = attention.root.getDefiningOp();
  DenseMap<Operation *, bool> known;
  auto dies = [&](auto &self, Operation *op) -> bool {
    if (op == root)
      return true;
    auto [entry, isNew] = known.try_emplace(op, false);
    if (!isNew)
      return entry->second;
    bool isPure = isMemoryEffectFree(op) && !op->hasTrait<OpTrait::IsTerminator>();
    bool dead = isPure && llvm::all_of(op->getUsers(), [&](Operation *user) { return self(self, user); });
    return known[op] = dead;
  };
  for (Operation *op : before)
    if (after.contains(op) && !dies(dies, op))
      for (Operation *user : op->getUsers())
        if (!before.contains(user) && user != root && !dies(dies, user))
          return user;
  return nullptr;
}

class Raiser {
public:
  Raiser(Attention &attention, Elements &elements) : attention(attention), elements(elements), loc(attention.root.getLoc()) {
    b.setInsertionPoint(attention.root.getDefiningOp());
    b.setListener(&transaction);
  }

  /// The attention in place of the root, or null with a reason and nothing changed.
  Value raise() {
    Value result = check() ? build() : Value();
    if (!result)
      transaction.rollBack();
    return result;
  }
  std::string reason;

private:
  Value fail(const Twine &why) {
    reason = reason.empty() ? why.str() : reason;
    return {};
  }

  RankedTensorType typeOf(const Operand &operand) { return cast<RankedTensorType>(operand.tensor.getType()); }

  bool check() {
    std::optional<TensorView> views[] = {viewOf(elements, typeOf(attention.query), attention.query.at, Query, Feature, false),
                                         viewOf(elements, typeOf(attention.key), attention.key.at, Key, Feature, true),
                                         viewOf(elements, typeOf(attention.value), attention.value.at, Key, ValueFeature, true),
                                         viewOf(elements, cast<RankedTensorType>(attention.root.getType()), attention.rootAt, Query, ValueFeature, false)};
    for (auto [name, view] : llvm::zip(StringRef("QKVO").take_front(4), views))
      if (!view)
        return fail(Twine("the dimensions of ") + Twine(name) + " are not batch, heads, sequence and features in some order"), false;
    query = *views[0], key = *views[1], value = *views[2], output = *views[3];
    if (key.heads != value.heads)
      return fail("keys have " + Twine(key.heads) + " heads, values " + Twine(value.heads)), false;
    for (const TensorView *view : {&query, &key, &value})
      if (elements.size(Batch) != 1 && !llvm::is_contained(view->roles, Role::Batch) && !llvm::is_contained(view->roles, Role::Both))
        return fail("a tensor is shared by the batch"), false;
    if (elements.size(Head) != 1 && query.heads != elements.size(Head))
      return fail("queries are shared by heads"), false;
    return checkTypes();
  }

  bool checkTypes() {
    Type element = typeOf(attention.query).getElementType();
    if (!element.isF32() && !element.isF16() && !element.isBF16())
      return fail("elements are not f32, f16 or bf16"), false;
    if (typeOf(attention.key).getElementType() != element || typeOf(attention.value).getElementType() != element)
      return fail("Q, K and V have different element types"), false;
    Type result = getElementTypeOrSelf(attention.root.getType());
    if (!result.isF32() && !result.isF16() && !result.isBF16())
      return fail("the result is not f32, f16 or bf16"), false;
    for (auto [operand, view] : {std::pair(&attention.query, &query), std::pair(&attention.value, &value)}) {
      int64_t size = typeOf(*operand).getDimSize(llvm::find(view->roles, Role::Columns) - view->roles.begin());
      if (ShapedType::isDynamic(size) || size < 8 || size > 256 || size % 8)
        return fail("a head size is no constant multiple of 8 from 8 to 256"), false;
    }
    return true;
  }

  /// Nothing that the attention reads may come from the product itself.
  bool readsOnlyInputs(ArrayRef<Value> tensors) {
    llvm::SetVector<Operation *> after;
    getForwardSlice(attention.scores.getOperation(), &after);
    for (Value tensor : tensors)
      if (Operation *op = tensor.getDefiningOp(); op && (after.contains(op) || op == attention.scores))
        return fail("the score reads " + op->getName().getStringRef() + ", which comes from the product of queries and keys"), false;
    return true;
  }

  Value buildMask() {
    SmallVector<Value> masks;
    for (const Condition &condition : attention.masks) {
      MaskRaiser raiser(b, loc, elements);
      Value mask = raiser.raise(condition.condition, condition.attends);
      if (!mask)
        return fail("the mask: " + raiser.getReason());
      if (!readsOnlyInputs(raiser.getTensors()))
        return {};
      masks.push_back(mask);
    }
    return masks.size() == 1 ? masks.front() : attn::AndOp::create(b, loc, masks).getResult();
  }

  bool buildScore(attn::AttentionOp op) {
    OpBuilder::InsertionGuard guard(b);
    Type index = b.getIndexType();
    Block *block = b.createBlock(&op.getScore(), {}, {b.getF32Type(), index, index, index, index}, SmallVector<Location>(5, loc));
    Value product = block->getArgument(0);
    SmallVector<Value> coordinates(block->getArguments().drop_front());
    ScalarEmitter emitter(b, loc, elements, coordinates, /*isScore=*/true);
    auto isBase = [&](const Expr *e) {
      const Expr *base = attention.base;
      return e == base || (base->kind == Expr::Element && e->kind == Expr::Element && e->value == base->value && e->at == base->at);
    };
    Value score = emitter.emit(attention.score, [&](const Expr *e) { return isBase(e) ? product : Value(); });
    if (!score)
      return fail("the score: " + emitter.getReason()), false;
    if (attention.factor != 1)
      score = arith::MulFOp::create(b, loc, score, arith::ConstantOp::create(b, loc, b.getF32FloatAttr(attention.factor)));
    attn::YieldOp::create(b, loc, score);
    return readsOnlyInputs(emitter.getTensors());
  }

  Value build() {
    auto layout = query.hasHeadsInside() && key.hasHeadsInside() && value.hasHeadsInside() ? attn::Layout::bshd : attn::Layout::bhsd;
    Value mask = attention.masks.empty() ? Value() : buildMask();
    if (!attention.masks.empty() && !mask)
      return {};
    Value q = arrange(b, loc, attention.query.tensor, query, layout), k = arrange(b, loc, attention.key.tensor, key, layout),
          v = arrange(b, loc, attention.value.tensor, value, layout);
    auto type = cast<RankedTensorType>(q.getType()), root = cast<RankedTensorType>(attention.root.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape.back() = cast<RankedTensorType>(v.getType()).getShape().back();
    Type element = type.getElementType() == root.getElementType() ? type.getElementType() : b.getF32Type();
    auto op = attn::AttentionOp::create(b, loc, TypeRange{RankedTensorType::get(shape, element)}, q, k, v, mask, /*sink_logits=*/Value(), layout,
                                        b.getF32FloatAttr(attention.scale), attn::ScheduleAttr());
    if (attention.score != attention.base && !buildScore(op))
      return {};
    Value result = restore(b, loc, op.getResult(0), output, layout, root.clone(element));
    return element == root.getElementType() ? result : arith::TruncFOp::create(b, loc, root, result).getResult();
  }

  Attention &attention;
  Elements &elements;
  Location loc;
  OpBuilder b{elements.getContext()};
  Transaction transaction;
  TensorView query, key, value, output;
};

/// The sum of a softmax that is written out.
bool sumsExponentials(Operation *op) {
  auto linalg = dyn_cast<linalg::LinalgOp>(op);
  if (!linalg || !linalg.hasPureTensorSemantics() || op->getNumResults() != 1)
    return false;
  Elements elements(op->getContext(), SmallVector<int64_t>(NumAxes + linalg.getNumLoops(), ShapedType::kDynamic));
  SmallVector<AffineExpr> at;
  for (int64_t i = 0; i < cast<RankedTensorType>(op->getResult(0).getType()).getRank(); ++i)
    at.push_back(elements.axis(NumAxes + i));
  std::optional<Reduction> sum = elements.openReduction(elements.element(op->getResult(0), at));
  const Expr *term = sum && isa<arith::AddFOp>(sum->combiner) ? elements.strip(sum->term) : nullptr;
  return term && (applied<math::ExpOp>(term) || applied<math::Exp2Op>(term));
}

struct RaiseToAttn final : lacuna::impl::RaiseToAttnBase<RaiseToAttn> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> products;
    getOperation().walk([&](linalg::LinalgOp op) { products.push_back(op); });
    for (linalg::LinalgOp op : products)
      if (!erased.contains(op))
        tryRaise(op);
    getOperation().walk([&](Operation *op) {
      if (!reported.contains(op) && (isa<linalg::SoftmaxOp>(op) || sumsExponentials(op)))
        miss(op, "nothing multiplies the softmax with values");
    });
  }

private:
  void miss(Operation *op, const Twine &reason) {
    std::string text = reason.str();
    remark::missed(op->getLoc(), remark::RemarkOpts::name("raise-to-attn").category("lacuna-raise"))
        << remark::metric("op", op->getName().getStringRef().str()) << remark::reason("{0}", text);
  }

  void tryRaise(linalg::LinalgOp op) {
    AttentionMatcher matcher(op, finiteMaskIsInfinite);
    std::optional<Attention> attention = matcher.match();
    reported.insert_range(matcher.getLooked());
    if (!attention)
      return matcher.getReason().empty() ? void() : miss(op, matcher.getReason());
    followOutput(*attention, matcher.getElements());
    if (Operation *user = findOtherUser(*attention))
      return miss(op, "scores or weights are also used by " + user->getName().getStringRef());
    Raiser raiser(*attention, matcher.getElements());
    Value result = raiser.raise();
    if (!result)
      return miss(op, raiser.reason);
    remark::passed(op->getLoc(), remark::RemarkOpts::name("raise-to-attn").category("lacuna-raise")) << remark::metric("masks", attention->masks.size());
    if (attention->hasFiniteMask)
      remark::analysis(op->getLoc(), remark::RemarkOpts::name("raise-to-attn").category("lacuna-raise"))
          << remark::reason("a finite constant stays a score, so no key is skipped for it")
          << remark::suggest("finite-mask-is-infinite, if no row is masked as a whole");
    replace(attention->root, result);
  }

  /// Erases what nothing needs any more, back from the root.
  void replace(Value root, Value by) {
    root.replaceAllUsesWith(by);
    llvm::SetVector<Operation *> worklist;
    worklist.insert(root.getDefiningOp());
    while (!worklist.empty()) {
      Operation *op = worklist.pop_back_val();
      if (!isOpTriviallyDead(op))
        continue;
      for (Value operand : op->getOperands())
        if (Operation *producer = operand.getDefiningOp())
          worklist.insert(producer);
      erased.insert(op);
      op->erase();
    }
  }

  DenseSet<Operation *> reported, erased;
};

} // namespace
