// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile-pipeline on a GPU: shared loads become rings of buffers, filled one tile ahead where the target copies
// asynchronously.
#include "passes/Memory/GpuRules.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::tile;

namespace {

/// One load on its way to become copy + acquire + release.
struct Stage {
  LoadOp load;
  Value ring;
};

Value constantIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Operation *lastUserInBlock(Operation *op) {
  Operation *last = op;
  for (Operation *user : op->getUsers())
    if (Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*user); ancestor && last->isBeforeInBlock(ancestor))
      last = ancestor;
  return last;
}

/// The first operation of the load's block that needs the tile.
Operation *firstUserInBlock(LoadOp load) {
  Operation *first = load->getBlock()->getTerminator();
  for (Operation *user : load->getUsers())
    if (Operation *ancestor = load->getBlock()->findAncestorOpInBlock(*user);
        ancestor && ancestor->isBeforeInBlock(first))
      first = ancestor;
  return first;
}

/// Replaces the load by acquire before its first reader and release after its last one; `pending` copies were started
/// later.
AcquireOp acquireWhereRead(LoadOp load, Value ring, Value ordinal, int64_t pending) {
  OpBuilder builder(firstUserInBlock(load));
  TileType tile = cast<RingType>(ring.getType()).getTile();
  auto acquire = AcquireOp::create(builder, load.getLoc(), tile, cast<TypedValue<RingType>>(ring), ordinal, pending);
  load.getResult().replaceAllUsesWith(acquire.getResult());
  builder.setInsertionPointAfter(lastUserInBlock(acquire));
  ReleaseOp::create(builder, load.getLoc(), cast<TypedValue<RingType>>(ring), ordinal, /*fence=*/false);
  return acquire;
}

CopyOp copyLike(OpBuilder &builder, LoadOp load, Value first, Value ring, Value ordinal, bool inBounds) {
  return CopyOp::create(builder, load.getLoc(), load.getSource(), load.getIndices(), first, load.getLimit(),
                        cast<TypedValue<RingType>>(ring), ordinal, inBounds);
}

//===----------------------------------------------------------------------===//
// Without looking ahead
//===----------------------------------------------------------------------===//

void copyInPlace(LoadOp load, Value ring) {
  OpBuilder builder(load);
  Value zero = constantIndex(builder, load.getLoc(), 0);
  copyLike(builder, load, load.getFirst(), ring, zero, load.getInBounds());
  acquireWhereRead(load, ring, zero, /*pending=*/0);
  load.erase();
}

/// Whether a barrier stands between `release` and the next copy into the same ring, whichever body runs next.
bool barrierFollows(ReleaseOp release, VisitOp visit) {
  for (Operation *op = release->getNextNode(); op; op = op->getNextNode())
    if (isa<AcquireOp>(op))
      return true;
  for (Region *body : {&visit.getPartialBody(), &visit.getFullBody()})
    for (Operation &op : body->front()) {
      if (isa<AcquireOp>(op))
        break;
      if (auto copy = dyn_cast<CopyOp>(op); copy && copy.getRing() == release.getRing())
        return false;
    }
  return true;
}

void fenceReleases(KernelOp kernel) {
  kernel.walk([](ReleaseOp release) {
    auto visit = release->getParentOfType<VisitOp>();
    if (visit && !barrierFollows(release, visit))
      release.setFence(true);
  });
}

//===----------------------------------------------------------------------===//
// Looking ahead by one tile
//===----------------------------------------------------------------------===//

/// The loads of a body in order, if each of them can start before the body does: it reads the visited rows, from an
/// address known outside.
FailureOr<SmallVector<Stage>> stagesOf(VisitOp visit, Region &body, const DenseMap<Operation *, Value> &rings) {
  SmallVector<Stage> stages;
  WalkResult result = body.walk([&](LoadOp load) {
    Value ring = rings.lookup(load);
    if (!ring)
      return WalkResult::advance();
    auto outside = [&](Value value) { return !visit->isAncestor(value.getParentBlock()->getParentOp()); };
    bool ahead = load->getBlock() == &body.front() && load.getFirst() == body.getArgument(0) &&
                 outside(load.getSource()) && outside(load.getLimit()) && llvm::all_of(load.getIndices(), outside);
    if (!ahead)
      return WalkResult::interrupt();
    stages.push_back({load, ring});
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  // Copies start, and so land, in the order in which they are waited for.
  llvm::stable_sort(stages, [](const Stage &a, const Stage &b) {
    return firstUserInBlock(a.load)->isBeforeInBlock(firstUserInBlock(b.load));
  });
  return stages;
}

/// Both bodies must use the rings in one order, or the number of pending copies would depend on the tile before.
bool sameOrder(ArrayRef<Stage> a, ArrayRef<Stage> b) {
  return llvm::map_to_vector(a, [](const Stage &s) { return s.ring; }) ==
         llvm::map_to_vector(b, [](const Stage &s) { return s.ring; });
}

void copyFirstTile(VisitOp visit, ArrayRef<Stage> stages) {
  OpBuilder builder(visit->getContext());
  Block *block = builder.createBlock(&visit.getBefore(), {}, {builder.getIndexType()}, {visit.getLoc()});
  Value zero = constantIndex(builder, visit.getLoc(), 0);
  for (const Stage &stage : stages)
    copyLike(builder, stage.load, block->getArgument(0), stage.ring, zero, /*inBounds=*/false);
  YieldOp::create(builder, visit.getLoc(), ValueRange());
}

/// What a body gets in addition when its visit looks ahead.
struct Ahead {
  Value ordinal, next, nextOrdinal;
  Ahead(VisitOp visit, Block &block) {
    Type index = IndexType::get(visit.getContext());
    ordinal = block.insertArgument(1, index, visit.getLoc());
    next = block.insertArgument(2, index, visit.getLoc());
    OpBuilder builder = OpBuilder::atBlockBegin(&block);
    nextOrdinal = arith::AddIOp::create(builder, visit.getLoc(), ordinal, constantIndex(builder, visit.getLoc(), 1));
  }
};

/// Two buffers a ring: the copies of the next tile start after the first acquire. In flight at acquire i of n are the
/// copies of this tile that are waited for later (n - 1 - i), and, for all but the first acquire, the n of the next
/// tile.
void lookAhead(VisitOp visit, Region &body, ArrayRef<Stage> stages) {
  Ahead ahead(visit, body.front());
  int64_t count = stages.size();
  for (int64_t i = 0; i < count; ++i) {
    AcquireOp acquire =
        acquireWhereRead(stages[i].load, stages[i].ring, ahead.ordinal, count - 1 - i + (i ? count : 0));
    if (i != 0)
      continue;
    OpBuilder builder(visit->getContext());
    builder.setInsertionPointAfter(acquire);
    for (const Stage &stage : stages)
      copyLike(builder, stage.load, ahead.next, stage.ring, ahead.nextOrdinal, /*inBounds=*/false);
  }
}

/// One buffer a ring, two rings used one after the other (FlashAttention-2's order): V is copied while K is read, the
/// next K while V is. Each copy starts after the acquire of the other ring, whose barrier proves that its own buffer is
/// read no more.
void alternate(VisitOp visit, Region &body, ArrayRef<Stage> stages) {
  Ahead ahead(visit, body.front());
  OpBuilder builder(visit->getContext());
  builder.setInsertionPointAfter(acquireWhereRead(stages[0].load, stages[0].ring, ahead.ordinal, /*pending=*/0));
  LoadOp second = stages[1].load;
  copyLike(builder, second, second.getFirst(), stages[1].ring, ahead.ordinal, second.getInBounds());
  builder.setInsertionPointAfter(acquireWhereRead(second, stages[1].ring, ahead.ordinal, /*pending=*/0));
  copyLike(builder, stages[0].load, ahead.next, stages[0].ring, ahead.nextOrdinal, /*inBounds=*/false);
}

bool mayAlternate(ArrayRef<Stage> stages) {
  return stages.size() == 2 && lastUserInBlock(stages[0].load)->isBeforeInBlock(firstUserInBlock(stages[1].load));
}

bool tryLookAhead(VisitOp visit, const DenseMap<Operation *, Value> &rings) {
  FailureOr<SmallVector<Stage>> partial = stagesOf(visit, visit.getPartialBody(), rings),
                                full = stagesOf(visit, visit.getFullBody(), rings);
  if (failed(partial) || failed(full) || full->empty() || !sameOrder(*partial, *full))
    return false;
  bool single = cast<RingType>(full->front().ring.getType()).getStages() == 1;
  if (single && !(mayAlternate(*partial) && mayAlternate(*full)))
    return false;
  copyFirstTile(visit, single ? ArrayRef<Stage>(*full).take_front() : ArrayRef<Stage>(*full));
  for (auto [body, stages] : {std::pair(&visit.getPartialBody(), ArrayRef<Stage>(*partial)),
                              std::pair(&visit.getFullBody(), ArrayRef<Stage>(*full))}) {
    if (single)
      alternate(visit, *body, stages);
    else
      lookAhead(visit, *body, stages);
    for (const Stage &stage : stages)
      LoadOp(stage.load).erase();
  }
  return true;
}

} // namespace

LogicalResult lacuna::pipelineGpu(KernelOp kernel, const TargetDescription &target) {
  attn::ScheduleAttr schedule = scheduleOf(kernel);
  if (!schedule)
    return failure();
  SharedPlan plan = planShared(kernel, target, schedule);
  OpBuilder builder = OpBuilder::atBlockBegin(&kernel.getBody().front());
  DenseMap<Operation *, Value> rings;
  llvm::SetVector<VisitOp> ahead;
  for (SharedBuffer &buffer : plan.buffers) {
    auto type = RingType::get(kernel.getContext(), buffer.stages, buffer.getTile());
    Value ring = RingOp::create(builder, buffer.loads.front().getLoc(), type, buffer.offset);
    for (LoadOp load : buffer.loads)
      rings[load] = ring;
    // Only NVIDIA's copies are asynchronous; a tested tile may be skipped, and with it the copies that its body would
    // start.
    if (buffer.visit && buffer.visit.getTest().empty() && target.kind == TargetKind::Nvidia)
      ahead.insert(buffer.visit);
  }
  for (VisitOp visit : ahead)
    tryLookAhead(visit, rings);
  SmallVector<LoadOp> rest;
  kernel.walk([&](LoadOp load) {
    if (load.getResult().getType().getSpace() == Space::Shared)
      rest.push_back(load);
  });
  for (LoadOp load : rest)
    copyInPlace(load, rings.lookup(load));
  fenceReleases(kernel);
  kernel->setAttr(TileDialect::getSharedBytesAttrName(), builder.getI64IntegerAttr(plan.totalBytes));
  return success();
}
