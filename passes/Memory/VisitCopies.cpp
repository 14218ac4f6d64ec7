// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/Memory/VisitCopies.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace lacuna;
using tile::TileType;

namespace {

/// Whether a copy costs more than a slot that others filled: V packed (pairs of keys, or keys contiguous), and rows for a tile unit that lie elsewhere. What
/// is only widened keeps its rows: that copy is a plain read.
bool isWorthASlot(TileType type, tile::LoadOp load) {
  if (auto pairs = dyn_cast_or_null<tile::PairsAttr>(type.getLayout()))
    return pairs.getAxis() == 1;
  auto lanes = dyn_cast_or_null<tile::LanesAttr>(type.getLayout());
  bool isGathered = !load.getMap().empty() && load.getResult().getType().getElementType() == type.getElementType();
  return lanes && type.getElementType().isBF16() && (lanes.getAxis() == 0 || isGathered);
}

/// The load whose rows are those of the visited tile, in order.
tile::LoadOp visitedRows(tile::ConvertOp convert, tile::VisitOp visit) {
  auto load = convert.getTile().getDefiningOp<tile::LoadOp>();
  Block *body = convert->getBlock();
  bool isBody = body->getParent() == &visit.getPartialBody() || body->getParent() == &visit.getFullBody();
  if (!load || !isBody || load.getFirst() != body->getArgument(0))
    return {};
  return static_cast<int64_t>(visit.getStep()) == load.getResult().getType().getShape()[0] ? load : tile::LoadOp();
}

/// What decides which memory a load reads, besides its indices and the visited tile.
class RowSources {
public:
  RowSources(tile::LoadOp load, tile::KernelOp kernel, unsigned inputs) : load(load), inputs(inputs), batch(kernel.getBody().getArguments().back()) {}

  /// The place of a copy; empty if something unknown decides, too: the query tile, a query head, memory that is written.
  SmallVector<Value> place() {
    bool known = comesFrom(load.getSource()) && comesFrom(load.getLimit());
    for (Operation &op : load.getMap().getOps())
      known = known && (isa<memref::LoadOp>(op) || isMemoryEffectFree(&op)) && followsFromOperands(op);
    if (!known)
      return {};
    SmallVector<Value> place(load.getIndices());
    if (asksForBatch)
      place.insert(place.begin(), batch);
    return place;
  }

private:
  /// Whether a value follows from the load's indices, the batch entry and what is never written.
  bool comesFrom(Value value) {
    if (llvm::is_contained(load.getIndices(), value) || value.getParentRegion() == &load.getMap())
      return true;
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      asksForBatch |= value == batch;
      return value == batch || (argument.getOwner() == batch.getOwner() && argument.getArgNumber() < inputs);
    }
    Operation *op = value.getDefiningOp();
    return isMemoryEffectFree(op) && followsFromOperands(*op);
  }

  bool followsFromOperands(Operation &op) {
    return op.getNumRegions() == 0 && llvm::all_of(op.getOperands(), [&](Value v) { return comesFrom(v); });
  }

  tile::LoadOp load;
  unsigned inputs;
  BlockArgument batch; // the last of an item's coordinates
  bool asksForBatch = false;
};

bool isSame(const VisitCopies &copies, tile::ConvertOp convert, tile::LoadOp load) {
  tile::LoadOp first = copies.load;
  return load.getSource() == first.getSource() && load.getIndices() == first.getIndices() && load.getLimit() == first.getLimit() &&
         convert.getResult().getType() == copies.type() &&
         OperationEquivalence::isRegionEquivalentTo(&load.getMap(), &first.getMap(), OperationEquivalence::IgnoreLocations);
}

} // namespace

SmallVector<VisitCopies> lacuna::findVisitCopies(tile::KernelOp kernel, unsigned inputs) {
  SmallVector<VisitCopies> found;
  auto visits = kernel.getBody().front().getOps<tile::VisitOp>();
  if (!llvm::hasSingleElement(visits))
    return found;
  tile::VisitOp visit = *visits.begin();
  visit.walk([&](tile::ConvertOp convert) {
    tile::LoadOp load = visitedRows(convert, visit);
    if (!load || !isWorthASlot(convert.getResult().getType(), load))
      return;
    auto *same = llvm::find_if(found, [&](const VisitCopies &copies) { return isSame(copies, convert, load); });
    if (same == found.end()) {
      SmallVector<Value> place = RowSources(load, kernel, inputs).place();
      if (place.empty())
        return;
      same = &found.emplace_back(VisitCopies{load, place, {}});
    }
    same->converts.push_back(convert);
  });
  return found;
}
