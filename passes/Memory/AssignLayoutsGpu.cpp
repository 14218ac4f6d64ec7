// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile-assign-layouts on a GPU: register fragments that fit the target's matrix instruction, swizzles for shared tiles.
#include "passes/Memory/GpuRules.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::tile;

namespace {

/// The spreads of a target: how its matrix instruction spreads rows and columns of a tile.
struct Spreads {
  MLIRContext *context;
  TargetKind kind;
  int64_t warps;

  SpreadAttr rows(int64_t size) const {
    int64_t lanes = kind == TargetKind::Nvidia ? 8 : 32, stride = kind == TargetKind::Nvidia ? 4 : 1;
    return SpreadAttr::get(context, 1, lanes, stride, size / (lanes * warps), warps);
  }
  SpreadAttr columns(int64_t size) const {
    if (kind == TargetKind::Nvidia)
      return SpreadAttr::get(context, 2, 4, 1, size / 8, 1);
    return SpreadAttr::get(context, 4, 2, 32, size / 8, 1);
  }
};

bool isRank1(Value value) {
  auto tile = dyn_cast<TileType>(value.getType());
  return tile && tile.getRank() == 1;
}

/// Which rank-1 tiles hold one value per column; all others hold one per row. Grows sets until nothing changes.
class ColumnTiles {
public:
  explicit ColumnTiles(KernelOp kernel) {
    do {
      changed = false;
      kernel.walk([&](Operation *op) { visit(op); });
    } while (changed);
  }
  bool contains(Value value) const { return columns.contains(value); }

private:
  void mark(Value value) { changed |= columns.insert(value).second; }
  void tie(Value a, Value b) {
    if (!isRank1(a) || !isRank1(b))
      return;
    if (columns.contains(a))
      mark(b);
    else if (columns.contains(b))
      mark(a);
  }
  void visit(Operation *op) {
    if (auto map = dyn_cast<MapOp>(op))
      return visitMap(map);
    if (auto visit = dyn_cast<VisitOp>(op))
      return visitVisit(visit);
    if (auto reduce = dyn_cast<ReduceOp>(op);
        reduce && reduce.getTile().getType().getRank() == 2 && reduce.getAxis() == 0)
      return mark(reduce.getResult());
    if (auto convert = dyn_cast<ConvertOp>(op))
      tie(convert.getTile(), convert.getResult());
  }
  void visitMap(MapOp map) {
    for (auto [i, input] : llvm::enumerate(map.getInputs())) {
      if (map.getBroadcastOf(i) == Broadcast::Columns)
        mark(input);
      if (map.getShape().size() == 1)
        for (Value result : map.getResults())
          tie(input, result);
    }
    for (Value result : map.getResults())
      tie(result, map.getResult(0));
  }
  void visitVisit(VisitOp op) {
    for (auto [i, init] : llvm::enumerate(op.getInits())) {
      tie(init, op.getResult(i));
      for (Region *body : {&op.getPartialBody(), &op.getFullBody()}) {
        tie(init, body->getArgument(i + op.getNumPositionArguments()));
        tie(init, body->front().getTerminator()->getOperand(i));
      }
    }
  }

  DenseSet<Value> columns;
  bool changed = false;
};

LogicalResult checkShape(Operation *op, TileType tile, bool columns, const TargetDescription &target, int64_t warps) {
  // Queries are rows of NVIDIA's instruction and columns of AMD's; blocks of the other side are read in pairs
  // (ldmatrix) or fill an accumulator.
  bool amd = target.kind == TargetKind::Amd;
  int64_t rowUnit = (amd ? target.matrix.n : target.matrix.m) * warps,
          columnUnit = amd ? target.matrix.m : 2 * target.matrix.n;
  if ((tile.getRank() == 2 || !columns) && tile.getShape()[0] % rowUnit != 0)
    return op->emitOpError("expects a multiple of ")
           << rowUnit << " rows for " << warps << " warps on " << target.name << ", but got " << tile;
  if ((tile.getRank() == 2 || columns) && tile.getShape().back() % columnUnit != 0)
    return op->emitOpError("expects a multiple of ")
           << columnUnit << " columns on " << target.name << ", but got " << tile;
  return success();
}

/// Sets the layout of a value's type; `op` is where to complain.
LogicalResult assignLayout(Operation *op, Value value, const Spreads &spreads, const ColumnTiles &columns,
                           const TargetDescription &target) {
  if (auto ring = dyn_cast<RingType>(value.getType())) {
    TileType tile = ring.getTile();
    value.setType(RingType::get(spreads.context, ring.getStages(), tile.withLayout(swizzleOf(tile, target))));
    return success();
  }
  auto tile = dyn_cast<TileType>(value.getType());
  if (!tile)
    return success();
  if (tile.getSpace() == Space::Shared) {
    value.setType(tile.withLayout(swizzleOf(tile, target)));
    return success();
  }
  if (failed(checkShape(op, tile, columns.contains(value), target, spreads.warps)))
    return failure();
  Attribute layout;
  if (tile.getRank() == 2)
    layout = FragmentAttr::get(spreads.context, spreads.rows(tile.getShape()[0]), spreads.columns(tile.getShape()[1]));
  else
    layout = columns.contains(value) ? spreads.columns(tile.getShape()[0]) : spreads.rows(tile.getShape()[0]);
  value.setType(tile.withLayout(layout));
  return success();
}

} // namespace

LogicalResult lacuna::assignLayoutsGpu(KernelOp kernel, const TargetDescription &target) {
  attn::ScheduleAttr schedule = scheduleOf(kernel);
  if (!schedule)
    return failure();
  Spreads spreads{kernel.getContext(), target.kind, schedule.getWarps()};
  ColumnTiles columns(kernel);
  WalkResult result = kernel.walk([&](Operation *op) {
    SmallVector<Value> values(op->getResults());
    for (Region &region : op->getRegions())
      llvm::append_range(values, region.getArguments());
    for (Value value : values)
      if (failed(assignLayout(op, value, spreads, columns, target)))
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}
