// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elements of tensors as scalar expressions: one op back at a time. Coordinates and comparisons are in ElementAlgebra.cpp.
#include "passes/Raise/Elements.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace lacuna::raise;

namespace lacuna::raise {

/// Reads the values of one body: of a generic at `loops`, or of a tensor.generate.
class BodyReader {
public:
  BodyReader(Elements &elements, Block *block) : elements(elements), block(block) {}

  void map(Value value, const Expr *expr) { known[value] = expr; }
  void setLoops(ArrayRef<AffineExpr> exprs) { loops.assign(exprs.begin(), exprs.end()); }

  /// Null where the body holds something that is no pure scalar op.
  const Expr *read(Value value) {
    const Expr *&expr = known[value];
    if (expr)
      return expr;
    const Expr *made = compute(value);
    return known[value] = made;
  }

private:
  const Expr *compute(Value value) {
    Operation *op = value.getDefiningOp();
    if (value.getParentBlock() != block)
      return isa<ShapedType>(value.getType()) ? nullptr : elements.scalar(value);
    if (!op)
      return nullptr;
    if (auto index = dyn_cast<linalg::IndexOp>(op))
      return elements.make({Expr::Index, value.getType(), {}, {}, nullptr, {loops[index.getDim()]}});
    TypedAttr constant;
    if (matchPattern(op, m_Constant(&constant)))
      return elements.make({Expr::Constant, value.getType(), constant});
    if (auto extract = dyn_cast<tensor::ExtractOp>(op))
      return readExtract(extract);
    if (op->getNumResults() != 1 || op->getNumRegions() || !isMemoryEffectFree(op) || !value.getType().isIntOrIndexOrFloat())
      return nullptr;
    Expr expr{Expr::Apply, value.getType(), {}, {}, op};
    return readOperands(op->getOperands(), expr) ? elements.make(expr) : nullptr;
  }

  bool readOperands(ValueRange operands, Expr &expr) {
    for (Value operand : operands) {
      const Expr *made = read(operand);
      if (!made)
        return false;
      expr.operands.push_back(made);
    }
    return true;
  }

  const Expr *readExtract(tensor::ExtractOp op) {
    Expr expr{Expr::Gather, op.getType(), {}, op.getTensor()};
    if (op.getTensor().getParentBlock() == block || !readOperands(op.getIndices(), expr))
      return nullptr;
    SmallVector<AffineExpr> at;
    for (const Expr *index : expr.operands)
      if (std::optional<AffineExpr> affine = elements.asAffine(index))
        at.push_back(*affine);
    return at.size() == expr.operands.size() ? elements.element(op.getTensor(), at) : elements.make(expr);
  }

  Elements &elements;
  Block *block;
  SmallVector<AffineExpr> loops;
  DenseMap<Value, const Expr *> known;
};

std::optional<SmallVector<AffineExpr>> loopsOf(linalg::LinalgOp op, unsigned result, ArrayRef<AffineExpr> at) {
  SmallVector<AffineExpr> loops(op.getNumLoops());
  AffineMap map = op.getIndexingMapMatchingResult(op->getResult(result));
  for (auto [expr, coordinate] : llvm::zip_equal(map.getResults(), at)) {
    if (isa<AffineConstantExpr>(expr))
      continue;
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim || loops[dim.getPosition()])
      return std::nullopt;
    loops[dim.getPosition()] = coordinate;
  }
  return loops;
}

} // namespace lacuna::raise

/// The arguments of the body as elements of the operands.
static void mapArguments(Elements &elements, linalg::LinalgOp op, ArrayRef<AffineExpr> loops, BodyReader &body) {
  for (OpOperand *operand : op.getOpOperandsMatchingBBargs()) {
    BlockArgument argument = op.getMatchingBlockArgument(operand);
    SmallVector<AffineExpr> at;
    for (AffineExpr expr : op.getMatchingIndexingMap(operand).getResults())
      at.push_back(expr.replaceDims(loops));
    body.map(argument, elements.element(operand->get(), at)); // a scalar is its own element
  }
}

const Expr *Elements::expandLinalg(linalg::LinalgOp op, unsigned result, ArrayRef<AffineExpr> at) {
  if (!op.hasPureTensorSemantics())
    return nullptr;
  std::optional<SmallVector<AffineExpr>> loops = loopsOf(op, result, at);
  if (!loops || llvm::is_contained(*loops, AffineExpr())) // a loop that the result does not have: a reduction
    return nullptr;
  BodyReader body(*this, op.getBlock());
  body.setLoops(*loops);
  mapArguments(*this, op, *loops, body);
  return body.read(op.getBlock()->getTerminator()->getOperand(result));
}

std::optional<Reduction> Elements::openReduction(const Expr *element, Axis bound) {
  auto op = element->kind == Expr::Element ? element->value.getDefiningOp<linalg::LinalgOp>() : linalg::LinalgOp();
  if (!op || !op.hasPureTensorSemantics() || op.getNumReductionLoops() != 1 || op.getNumParallelLoops() + 1 != op.getNumLoops())
    return std::nullopt;
  unsigned result = cast<OpResult>(element->value).getResultNumber();
  std::optional<SmallVector<AffineExpr>> loops = loopsOf(op, result, element->at);
  if (!loops)
    return std::nullopt;
  SmallVector<unsigned> reduced;
  op.getReductionDims(reduced);
  for (unsigned i = 0; i < loops->size(); ++i)
    if (((*loops)[i] == nullptr) != (i == reduced.front()))
      return std::nullopt;
  if (!ShapedType::isDynamic(sizes[bound]) && op.getStaticLoopRanges()[reduced.front()] != sizes[bound])
    return std::nullopt; // not along the axis that it is to be compared with
  (*loops)[reduced.front()] = axis(bound);
  // Not upstream's matchReduction: it refuses a second result that looks at the first (the position of a maximum).
  Operation *combiner = op.getBlock()->getTerminator()->getOperand(result).getDefiningOp();
  BlockArgument accumulator = op.getRegionOutputArgs()[result];
  if (!combiner || combiner->getNumOperands() != 2 || !llvm::is_contained(combiner->getOperands(), accumulator))
    return std::nullopt;
  Value reducedValue = combiner->getOperand(combiner->getOperand(0) == accumulator ? 1 : 0);
  BodyReader body(*this, op.getBlock());
  body.setLoops(*loops);
  mapArguments(*this, op, *loops, body);
  for (BlockArgument carried : op.getRegionOutputArgs())
    body.map(carried, nullptr); // a term that reads what is accumulated is no term
  const Expr *term = body.read(reducedValue);
  if (!term)
    return std::nullopt;
  return Reduction{combiner, term, this->element(op.getDpsInitOperand(result)->get(), element->at)};
}

const Expr *Elements::expandElementwise(Operation *op, ArrayRef<AffineExpr> at) {
  Expr expr{Expr::Apply, getElementTypeOrSelf(op->getResult(0).getType()), {}, {}, op};
  for (Value operand : op->getOperands())
    expr.operands.push_back(isa<ShapedType>(operand.getType()) ? element(operand, at) : scalar(operand));
  return make(expr);
}

/// Coordinates in the source of a collapse (delinearised) or an expansion (linearised). Only the outermost size of a group may be dynamic.
const Expr *Elements::expandReshape(Operation *op, ArrayRef<AffineExpr> at) {
  bool collapses = isa<tensor::CollapseShapeOp>(op);
  auto groups = collapses ? cast<tensor::CollapseShapeOp>(op).getReassociationIndices() : cast<tensor::ExpandShapeOp>(op).getReassociationIndices();
  auto fine = cast<RankedTensorType>(collapses ? op->getOperand(0).getType() : op->getResult(0).getType());
  SmallVector<AffineExpr> source(collapses ? fine.getRank() : groups.size(), getAffineConstantExpr(0, context));
  for (auto [number, group] : llvm::enumerate(groups)) {
    int64_t stride = 1;
    for (int64_t dim : llvm::reverse(group)) {
      int64_t size = fine.getDimSize(dim);
      bool outermost = dim == group.front();
      if (size == 1)
        continue;
      if (collapses) {
        AffineExpr quotient = at[number].floorDiv(stride);
        source[dim] = outermost ? quotient : quotient % size;
      } else {
        source[number] = source[number] + at[dim] * stride;
      }
      if (ShapedType::isDynamic(size) && llvm::any_of(group, [&](int64_t other) { return other < dim && fine.getDimSize(other) != 1; }))
        return nullptr;
      stride *= size;
    }
  }
  return element(op->getOperand(0), source);
}

const Expr *Elements::expand(const Expr *element) {
  if (element->kind != Expr::Element)
    return nullptr;
  auto [known, isNew] = expanded.try_emplace(element, nullptr);
  if (!isNew)
    return known->second;
  const Expr *made = expandOnce(element);
  return expanded[element] = made;
}

const Expr *Elements::expandOnce(const Expr *leaf) {
  Operation *op = leaf->value.getDefiningOp();
  if (!op)
    return nullptr;
  unsigned result = cast<OpResult>(leaf->value).getResultNumber();
  return TypeSwitch<Operation *, const Expr *>(op)
      .Case([&](linalg::LinalgOp linalg) { return expandLinalg(linalg, result, leaf->at); })
      .Case<tensor::CollapseShapeOp, tensor::ExpandShapeOp>([&](Operation *reshape) { return expandReshape(reshape, leaf->at); })
      .Case([&](tensor::CastOp cast) { return element(cast.getSource(), leaf->at); })
      .Case([&](tensor::SplatOp splat) { return scalar(splat.getInput()); })
      .Case([&](tensor::FromElementsOp from) { return from.getElements().size() == 1 ? scalar(from.getElements()[0]) : nullptr; })
      .Case([&](tensor::GenerateOp generate) {
        BodyReader body(*this, &generate.getBody().front());
        for (auto [argument, coordinate] : llvm::zip_equal(generate.getBody().getArguments(), leaf->at))
          body.map(argument, make({Expr::Index, argument.getType(), {}, {}, nullptr, {coordinate}}));
        return body.read(generate.getBody().front().getTerminator()->getOperand(0));
      })
      .Default([&](Operation *other) {
        bool elementwise = OpTrait::hasElementwiseMappableTraits(other) && other->getNumResults() == 1 && isMemoryEffectFree(other);
        return elementwise ? expandElementwise(other, leaf->at) : nullptr;
      });
}
