// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile-group-queries: a query tile as groups of the queries that a tile unit (AMX) multiplies at once, each with tiles of its own, and the groups' products and
// softmax rows in the order of a software pipeline. Who runs what beside what is then seen in the text: neighbours of different groups do not depend on each other
// (decision 0012).
#include "dialects/Attn/Attn.h"
#include "lib/Support/KernelTarget.h"
#include "passes/Memory/Passes.h"
#include "passes/Memory/PerKeyValues.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"

#include <map>

namespace lacuna {
#define GEN_PASS_DEF_TILEGROUPQUERIES
#include "passes/Memory/MemoryPasses.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;
using tile::TileType;

namespace {

/// Where an op of a body stands in the pipeline: which group it belongs to, and which of Q·Kᵀ (0), softmax (1) and P·V (2).
struct Place {
  int64_t group, stage;
};

class QueryGroups {
public:
  QueryGroups(tile::KernelOp kernel, int64_t queries, int64_t size) : kernel(kernel), queries(queries), size(size) {}

  /// Only what attn-to-tile makes: K and V are loads, converted or not; every other tile has a row per query.
  bool canSplit(const TargetDescription &target) {
    if (queries % size || queries == size || !llvm::hasSingleElement(kernel.getBody().front().getOps<tile::VisitOp>()))
      return false;
    auto all = [&](auto holds) {
      return !kernel.walk([&](Operation *op) { return holds(op) ? WalkResult::advance() : WalkResult::interrupt(); }).wasInterrupted();
    };
    return all([&](Operation *op) { return !isa<tile::MmaOp>(op) || takesGroups(cast<tile::MmaOp>(op), target); }) &&
           all([&](Operation *op) { return canSplit(*op); });
  }

  void run() {
    SmallVector<tile::MapOp> maps;
    (*kernel.getBody().front().getOps<tile::VisitOp>().begin()).walk([&](tile::MapOp map) { maps.push_back(map); });
    for (tile::MapOp map : maps)
      if (cast<TileType>(map.getResult(0).getType()).getRank() == 2)
        shared.insert_range(hoistPerKeyValues(map));
    splitBlock(kernel.getBody().front());
  }

private:
  bool isSplit(Value value) const { return isa<TileType>(value.getType()) && !shared.contains(value); }

  /// Whether the tile unit multiplies the queries of one group; its right operand is what they share.
  bool takesGroups(tile::MmaOp product, const TargetDescription &target) {
    for (Value v = product.getRhs(); v; v = v.getDefiningOp<tile::LoadOp>() ? Value() : v.getDefiningOp()->getOperand(0)) {
      if (!isa_and_nonnull<tile::LoadOp, tile::ConvertOp, tile::ConvertOnceOp>(v.getDefiningOp()))
        return false;
      shared.insert(v);
    }
    TileType lhs = product.getLhs().getType();
    return isa_and_nonnull<tile::PairsAttr>(lhs.getLayout()) && target.matrix.fills(product.getResult().getType().getShape()[1], size, lhs.getShape()[1]);
  }

  bool canSplit(Operation &op) {
    auto rowsAreQueries = [&](Value v) { return !isSplit(v) || cast<TileType>(v.getType()).getShape()[0] == queries; };
    if (!llvm::all_of(op.getOperands(), rowsAreQueries) || !llvm::all_of(op.getResults(), rowsAreQueries))
      return false;
    if (auto reduce = dyn_cast<tile::ReduceOp>(op); reduce && reduce.getAxis() == 0 && !reduce.getResult().getType().isInteger())
      return false;
    if (auto map = dyn_cast<tile::MapOp>(op); map && llvm::is_contained(map.getBroadcast(), static_cast<int32_t>(tile::Broadcast::Columns)))
      return false;
    bool hasTiles = llvm::any_of(op.getOperandTypes(), llvm::IsaPred<TileType>) || llvm::any_of(op.getResultTypes(), llvm::IsaPred<TileType>);
    return !hasTiles || isa<tile::TileDialect>(op.getDialect());
  }

  TileType partType(Value value) const {
    auto type = cast<TileType>(value.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[0] = size;
    return TileType::get(type.getContext(), shape, type.getElementType(), type.getSpace(), type.getLayout());
  }

  /// The parts of split values in place of those.
  SmallVector<Value> expanded(ValueRange values) {
    SmallVector<Value> all;
    for (Value value : values)
      isSplit(value) ? llvm::append_range(all, parts.at(value)) : all.push_back(value);
    return all;
  }

  void splitBlock(Block &block) {
    int64_t stage = 0;
    SmallVector<Operation *> dead;
    for (Operation &op : llvm::make_early_inc_range(block.without_terminator())) {
      bool isProduct = isa<tile::MmaOp>(op);
      stage += isProduct && stage ? 1 : 0;
      if (splitOp(op, stage))
        dead.push_back(&op);
      stage += isProduct ? 1 : 0;
    }
    block.getTerminator()->setOperands(expanded(block.getTerminator()->getOperands()));
    for (Operation *op : llvm::reverse(dead))
      op->erase();
  }

  /// Returns whether the op was replaced.
  bool splitOp(Operation &op, int64_t stage) {
    auto isOne = [&](Value v) { return isSplit(v); };
    if (auto visit = dyn_cast<tile::VisitOp>(op))
      return splitVisit(visit), true;
    if (auto reduce = dyn_cast<tile::ReduceOp>(op); reduce && !isa<TileType>(reduce.getResult().getType()))
      return combineGroups(reduce), true;
    if (llvm::none_of(op.getOperands(), isOne) && llvm::none_of(op.getResults(), isOne)) {
      for (Region &region : op.getRegions()) // a branch of a test
        for (Block &block : region)
          splitBlock(block);
      return false;
    }
    for (int64_t group = 0; group < queries / size; ++group)
      places[cloneFor(op, group)] = {group, stage};
    return true;
  }

  /// The op on the rows of one group.
  Operation *cloneFor(Operation &op, int64_t group) {
    ImplicitLocOpBuilder b(op.getLoc(), &op);
    IRMapping values;
    for (Value operand : op.getOperands())
      if (isSplit(operand))
        values.map(operand, parts.at(operand)[group]);
    Operation *copy = b.clone(op, values);
    for (auto [old, part] : llvm::zip(op.getResults(), copy->getResults())) {
      part.setType(partType(old));
      parts[old].push_back(part);
    }
    auto shifted = [&](Value row) { return b.createOrFold<arith::AddIOp>(row, arith::ConstantIndexOp::create(b, group * size)); };
    b.setInsertionPoint(copy);
    if (auto load = dyn_cast<tile::LoadOp>(copy))
      load.getFirstMutable().assign(shifted(load.getFirst()));
    if (auto store = dyn_cast<tile::StoreOp>(copy))
      store.getFirstMutable().assign(shifted(store.getFirst()));
    copy->walk([&](tile::IndexOp index) {
      if (index.getAxis() != 0 || group == 0)
        return;
      b.setInsertionPointAfter(index);
      Value row = shifted(index.getResult());
      index.getResult().replaceAllUsesExcept(row, row.getDefiningOp());
    });
    return copy;
  }

  /// Rows to a scalar: that of all groups.
  void combineGroups(tile::ReduceOp reduce) {
    ImplicitLocOpBuilder b(reduce.getLoc(), reduce);
    bool isSum = reduce.getKind() == tile::Reduction::Sum, isMax = reduce.getKind() == tile::Reduction::Max;
    auto kind = isSum ? arith::AtomicRMWKind::addi : isMax ? arith::AtomicRMWKind::maxs : arith::AtomicRMWKind::mins;
    Value all;
    for (Value part : parts.at(reduce.getTile())) {
      Value x = tile::ReduceOp::create(b, reduce.getResult().getType(), reduce.getKind(), part, reduce.getAxis());
      all = all ? arith::getReductionOp(kind, b, b.getLoc(), all, x) : x;
    }
    reduce.getResult().replaceAllUsesWith(all);
  }

  void splitVisit(tile::VisitOp visit) {
    OpBuilder b(visit);
    SmallVector<Value> inits = expanded(visit.getInits());
    auto split = tile::VisitOp::create(b, visit.getLoc(), ValueRange(inits).getTypes(), visit.getAxis(), visit.getStep(), visit.getStarts(), visit.getPartial(),
                                       visit.getFull(), visit.getHulls(), inits);
    split->setDiscardableAttrs(visit->getDiscardableAttrDictionary());
    for (auto [from, to] : llvm::zip(visit->getRegions(), split->getRegions()))
      to.takeBody(from);
    auto results = split.getResults().begin();
    for (Value old : visit.getResults())
      for (size_t i = 0, n = isSplit(old) ? queries / size : 1; i < n; ++i, ++results)
        isSplit(old) ? parts[old].push_back(*results) : old.replaceAllUsesWith(*results);
    if (!split.getTest().empty())
      splitBlock(split.getTest().front());
    for (Region *body : {&split.getPartialBody(), &split.getFullBody()})
      splitBody(body->front());
  }

  /// Arguments after the first (the row of the key tile) are carried values.
  void splitBody(Block &block) {
    unsigned carried = block.getNumArguments() - 1;
    for (BlockArgument old : SmallVector<BlockArgument>(block.getArguments().drop_front()))
      if (isSplit(old))
        for (int64_t group = 0; group < queries / size; ++group)
          parts[old].push_back(block.addArgument(partType(old), old.getLoc()));
      else
        old.replaceAllUsesWith(block.addArgument(old.getType(), old.getLoc()));
    splitBlock(block);
    block.eraseArguments(1, carried);
    pipeline(block);
  }

  /// Step t: P·V of group t - 2 and Q·Kᵀ of group t, then the softmax of group t - 1. What all groups share comes first; where it depends on a group, the order
  /// stays.
  void pipeline(Block &block) {
    auto isOfGroup = [&](Value v) { return places.contains(v.getDefiningOp()); };
    std::map<int64_t, SmallVector<Operation *>> steps;
    for (Operation &op : block.without_terminator()) {
      auto place = places.find(&op);
      bool isShared = place == places.end();
      if (isShared && op.walk([&](Operation *inner) { return llvm::any_of(inner->getOperands(), isOfGroup) ? WalkResult::interrupt() : WalkResult::advance(); })
                          .wasInterrupted())
        return;
      if (isShared) {
        steps[-1].push_back(&op);
        continue;
      }
      auto [group, stage] = place->second;
      steps[2 * (group + stage) + (stage == 0 || isa<tile::MmaOp>(op) ? 0 : 1)].push_back(&op);
    }
    for (auto &[step, ops] : steps)
      for (Operation *op : ops)
        op->moveBefore(block.getTerminator());
  }

  tile::KernelOp kernel;
  int64_t queries, size;
  llvm::SmallDenseSet<Value> shared; // tiles of keys or a row per key, which all groups read
  DenseMap<Value, SmallVector<Value>> parts;
  DenseMap<Operation *, Place> places;
};

struct TileGroupQueries final : lacuna::impl::TileGroupQueriesBase<TileGroupQueries> {
  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<tile::KernelOp>()) {
      const TargetDescription *target = targetOf(kernel);
      if (!target)
        return signalPassFailure();
      auto schedule = kernel->getAttrOfType<attn::ScheduleAttr>(tile::TileDialect::getScheduleAttrName());
      if (target->kind != TargetKind::Cpu || target->matrix.m <= 1 || kernel.getNumResults() != 0 || !schedule || schedule.getStages() < 2)
        continue;
      QueryGroups groups(kernel, schedule.getTileM(), 2 * target->matrix.n);
      if (groups.canSplit(*target))
        groups.run();
    }
  }
};

} // namespace
