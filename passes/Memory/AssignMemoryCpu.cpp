// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where tiles live on a CPU. Transposed form (performance.md §4.7): K and V are read as scalars to broadcast, nothing is packed but V in bf16 pairs. Flat form:
// they are read as vectors where they lie.
#include "dialects/Attn/Attn.h"
#include "passes/Memory/CpuRules.h"

using namespace mlir;
using namespace lacuna;
using tile::Space;
using tile::TileType;

namespace {

void setSpace(Value value, Space space) {
  if (auto type = dyn_cast<TileType>(value.getType()))
    value.setType(type.withSpace(space));
}

/// A scratch copy of `value`, placed before `user`.
Value copied(Value value, Operation *user, Type element, Attribute layout) {
  OpBuilder b(user);
  auto type = cast<TileType>(value.getType());
  return tile::ConvertOp::create(b, user->getLoc(), TileType::get(b.getContext(), type.getShape(), element, Space::Scratch, layout), value);
}

/// A computed left operand (P) is rounded to bf16. Against the largest of few columns that is too coarse for the tolerance of bf16: with normal inputs the
/// worst of 6,000 rows took 1.1 of it with 8 columns, 0.8 with 32, 0.7 with 64.
constexpr int64_t kFewestColumnsToRound = 32;

/// Whether the target multiplies pairs of this product's right operand.
bool takesPairs(tile::MmaOp product, const TargetDescription &target) {
  if (target.matrix.k < 2 || !product.getRhs().getDefiningOp<tile::LoadOp>() || !product.getRhs().getType().getElementType().isBF16())
    return false;
  bool isExact = product.getLhs().getType().getElementType().isBF16();
  return product.getLhs().getType().getShape()[1] % 2 == 0 && (isExact || product.getResult().getType().getShape()[1] >= kFewestColumnsToRound);
}

/// Whether flat tiles fill registers with pairs: of features in Q·Kᵀ, of keys, for each of 32 features, in P·V.
bool fillsVectorsWithPairs(tile::MmaOp product, const TargetDescription &target) {
  int64_t inLanes = product.getRhs().getType().getShape()[1];
  return inLanes % (target.vectorBytes / 2) == 0;
}

/// Whether the tile unit computes it (AMX), which reads blocks: every row must be readable, and depth contiguous.
bool takesTiles(tile::MmaOp product, const TargetDescription &target) {
  ArrayRef<int64_t> shape = product.getResult().getType().getShape();
  return target.matrix.fills(shape[1], shape[0], product.getLhs().getType().getShape()[1]);
}

class CpuOperands {
public:
  CpuOperands(const TargetDescription &target, bool queriesInLanes) : target(target), queriesInLanes(queriesInLanes) {}

  void assign(tile::MmaOp product) {
    bool pairs = takesPairs(product, target) && (queriesInLanes || fillsVectorsWithPairs(product, target));
    assignLeft(product, pairs);
    if (!queriesInLanes) // the flat form converts in registers
      return;
    if (pairs && takesTiles(product, target))
      assignRightOfTiles(product);
    else
      assignRight(product, pairs);
  }

private:
  /// Read by vectors of queries. One copy of Q serves all its products.
  void assignLeft(tile::MmaOp product, bool pairs) {
    Value lhs = product.getLhs();
    OpBuilder b(product);
    Type element = pairs ? b.getBF16Type() : Type(b.getF32Type());
    // In flat tiles neighbours of a row are pairs as they are.
    Attribute layout = pairs && queriesInLanes ? tile::PairsAttr::get(b.getContext(), 0) : Attribute();
    if (auto load = lhs.getDefiningOp<tile::LoadOp>()) {
      Value &copy = copies[{lhs, element}];
      if (!copy)
        copy = copied(lhs, load->getNextNode(), element, layout);
      product.getLhsMutable().assign(copy);
    } else if (pairs) {
      product.getLhsMutable().assign(copied(lhs, product, element, layout));
    }
  }

  /// Read element by element (pair by pair): K where it lies, V packed so that two keys are neighbours.
  void assignRight(tile::MmaOp product, bool pairs) {
    auto load = product.getRhs().getDefiningOp<tile::LoadOp>();
    if (!load || load.getType().getElementType().isF32() || (pairs && product.getTransposeRhs()))
      return;
    OpBuilder b(product);
    Attribute layout = pairs ? Attribute(tile::PairsAttr::get(b.getContext(), 1)) : Attribute(tile::LanesAttr::get(b.getContext(), 1));
    product.getRhsMutable().assign(copied(load.getResult(), product, pairs ? b.getBF16Type() : Type(b.getF32Type()), layout));
  }

  /// K where it lies, unless some of its rows may be beyond the limit or elsewhere; V transposed, so that the depth (its keys) is contiguous.
  void assignRightOfTiles(tile::MmaOp product) {
    auto load = product.getRhs().getDefiningOp<tile::LoadOp>();
    if (product.getTransposeRhs() && load.getInBounds() && load.getMap().empty())
      return;
    OpBuilder b(product);
    Attribute layout = tile::LanesAttr::get(b.getContext(), product.getTransposeRhs() ? 1 : 0);
    product.getRhsMutable().assign(copied(load.getResult(), product, b.getBF16Type(), layout));
  }

  const TargetDescription &target;
  bool queriesInLanes;
  llvm::DenseMap<std::pair<Value, Type>, Value> copies;
};

} // namespace

bool lacuna::queriesInLanes(tile::KernelOp kernel) {
  auto schedule = kernel->getAttrOfType<attn::ScheduleAttr>(tile::TileDialect::getScheduleAttrName());
  return !schedule || schedule.getTransposed();
}

void lacuna::assignMemoryCpu(tile::KernelOp kernel, const TargetDescription &target) {
  SmallVector<tile::MmaOp> products;
  kernel.walk([&](Operation *op) {
    for (Value result : op->getResults())
      setSpace(result, isa<tile::LoadOp>(op) ? Space::Global : Space::Scratch);
    for (Region &region : op->getRegions())
      for (BlockArgument argument : region.getArguments())
        setSpace(argument, Space::Scratch);
    if (auto product = dyn_cast<tile::MmaOp>(op))
      products.push_back(product);
  });
  CpuOperands operands(target, queriesInLanes(kernel));
  for (tile::MmaOp product : products)
    operands.assign(product);
}
