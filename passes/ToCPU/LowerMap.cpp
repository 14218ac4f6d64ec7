// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.map: the scalar region on whole vectors of lanes where every op that depends on the lane has a vector form, else element by element. Values that do
// not depend on the lane stay scalar, loops and reads of tables among them. Reduced results stay in registers, four partial ones to cover the latency;
// results in pairs take two steps at a time.
#include "passes/ToCPU/CpuLowering.h"
#include "passes/ToCPU/MapFlags.h"
#include "passes/ToCPU/MapLanes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace lacuna {
namespace {

/// The vector of readsNeighbours(); its lowest index is that of the first or of the last lane.
Value emitNeighbours(ImplicitLocOpBuilder &b, memref::LoadOp load, IRMapping &values, int64_t width, bool falls) {
  SmallVector<Value> indices = llvm::map_to_vector(load.getIndices(), [&](Value v) { return values.lookupOrDefault(v); });
  indices.back() = vector::ExtractOp::create(b, indices.back(), falls ? width - 1 : 0);
  Value x = vector::LoadOp::create(b, VectorType::get({width}, load.getType()), values.lookupOrDefault(load.getMemRef()), indices);
  if (!falls)
    return x;
  return vector::ShuffleOp::create(b, x, x, llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, width))));
}

/// Emits one op: on scalars as it is, on vectors if some operand is one.
void emitVectorForm(ImplicitLocOpBuilder &b, Operation &op, IRMapping &values, int64_t width) {
  auto isVector = [&](Value v) { return isa<VectorType>(values.lookupOrDefault(v).getType()); };
  if (llvm::none_of(op.getOperands(), isVector)) {
    b.clone(op, values);
    return;
  }
  if (auto load = dyn_cast<memref::LoadOp>(op))
    return values.map(load.getResult(), emitNeighbours(b, load, values, width, laneStep(load.getIndices().back(), isVector) < 0));
  OperationState state(op.getLoc(), op.getName());
  for (Value operand : op.getOperands())
    state.operands.push_back(splat(b, values.lookupOrDefault(operand), width));
  for (Type type : op.getResultTypes())
    state.types.push_back(VectorType::get({width}, type));
  state.attributes = op.getAttrs();
  values.map(op.getResults(), b.create(state)->getResults());
}

/// `first`, `first + 1`, … as a vector.
Value lanesFrom(ImplicitLocOpBuilder &b, Value first, int64_t width) {
  if (width == 1)
    return first;
  return arith::AddIOp::create(b, splat(b, first, width), vector::StepOp::create(b, VectorType::get({width}, b.getIndexType())));
}

struct ReducedResult {
  unsigned number;
  tile::Reduction kind;
  Type element;
};

SmallVector<ReducedResult> reducedResults(tile::MapOp op) {
  SmallVector<ReducedResult> reduced;
  for (unsigned i = 0; i < op.getNumResults(); ++i)
    if (std::optional<tile::Reduction> kind = op.getReductionOf(i))
      reduced.push_back({i, *kind, cast<tile::TileType>(op.getResult(i).getType()).getElementType()});
  return reduced;
}

} // namespace

LogicalResult CpuLowering::lowerMap(tile::MapOp op) {
  auto result = cast<tile::TileType>(op.getResult(0).getType());
  for (Value value : llvm::concat<Value>(SmallVector<Value>(op.getInputs()), SmallVector<Value>(op.getResults())))
    if (auto type = cast<tile::TileType>(value.getType()); type.getRank() == 2 && lanesAxis(type) != lanesAxis(result))
      return op.emitOpError("expects one layout for all rank-2 tiles, but got ") << type << " and " << result;
  for (Value input : op.getInputs())
    if (auto type = cast<tile::TileType>(input.getType()); hasPairs(type))
      return op.emitOpError("expects operands without pairs, but got ") << type;
  if (op.getReductions() && lanesAxis(result) != 0)
    return op.emitOpError("expects to reduce along the axis outside the vector lanes, but got ") << result;
  int64_t width = vectorWidthFor(result.getShape()[lanesAxis(result)], vectorWidth(result.getElementType()));
  MapLoop loop{op, lanesAxis(result), width, {}, {}, {}, {}};
  if (result.getRank() == 2 && loop.lanes == 0)
    std::tie(loop.first, loop.end) = columnsOf(op.getResult(0));
  else if (result.getRank() == 2)
    loop.first = constant(0), loop.end = constant(result.getShape()[0]);
  loop.inputs = llvm::map_to_vector(op.getInputs(), [&](Value v) { return buffers.lookup(v); });
  loop.outputs = llvm::map_to_vector(op->getResults(), [&](OpResult r) { return bufferFor(r); });
  llvm::SetVector<Value> flags = flagsOf(op);
  if (flags.empty())
    return emitMap(loop), success();
  Value all;
  for (Value flag : flags)
    all = all ? arith::AndIOp::create(b, all, scalar(flag)).getResult() : scalar(flag);
  auto branch = scf::IfOp::create(b, all, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  MapLoop simpler = loop;
  simpler.op = whereFlagsHold(op, flags);
  emitMap(simpler);
  simpler.op.erase();
  b.setInsertionPointToStart(branch.elseBlock());
  emitMap(loop);
  return success();
}

void CpuLowering::emitMap(MapLoop loop) {
  auto result = cast<tile::TileType>(loop.op.getResult(0).getType());
  int64_t lanes = result.getShape()[loop.lanes];
  std::optional<ValueSet> perLane = findPerLane(loop.op, loop.lanes);
  if (!perLane)
    loop.width = 1;
  if (result.getRank() == 1)
    return forLoop(lanes, loop.width, [&](Value lane) { storeMapped(loop, {mapElements(loop, Value(), lane, scalars)}, Value(), lane); });
  bool pairs = llvm::any_of(loop.op.getResultTypes(), [](Type type) { return hasPairs(cast<tile::TileType>(type)); });
  if (loop.width > 1 && !pairs && hasCostlyUniformOps(loop.op, loop.lanes, *perLane))
    return mapRows(loop, *perLane);
  if (loop.lanes == 1) // row by row: per-row operands are read once
    return forLoop(loop.first, loop.end, 1, [&](Value outer) {
      forLoop(lanes, loop.width, [&](Value lane) { storeMapped(loop, {mapElements(loop, outer, lane, scalars)}, outer, lane); });
    });
  // Lanes outside, so that per-row operands are read once and stay in registers.
  forLoop(lanes, loop.width, [&](Value lane) { mapColumns(loop, lane); });
}

/// What does not depend on the lane, at `outer`.
IRMapping CpuLowering::mapUniform(const MapLoop &loop, const ValueSet &perLane, Value outer) {
  IRMapping values(scalars);
  Block &body = tile::MapOp(loop.op).getBody().front();
  for (BlockArgument argument : body.getArguments())
    if (!perLane.contains(argument))
      values.map(argument, memref::LoadOp::create(b, loop.inputs[argument.getArgNumber()], outer));
  for (Operation &inner : body.without_terminator()) {
    if (inner.getNumResults() && perLane.contains(inner.getResult(0)))
      continue;
    if (auto index = dyn_cast<tile::IndexOp>(inner))
      values.map(index.getResult(), outer);
    else
      b.clone(inner, values);
  }
  return values;
}

/// What depends on the lanes from `lane` on alone.
IRMapping CpuLowering::mapLanes(const MapLoop &loop, Value lane) {
  tile::MapOp op = loop.op;
  ValueSet laneOnly = findLaneOnly(op, loop.lanes);
  IRMapping values(scalars);
  for (BlockArgument argument : op.getBody().getArguments())
    if (laneOnly.contains(argument))
      values.map(argument, readElements(loop, loop.inputs[argument.getArgNumber()], lane, true));
  for (Operation &inner : op.getBody().front().without_terminator()) {
    if (inner.getNumResults() == 0 || !laneOnly.contains(inner.getResult(0)))
      continue;
    if (auto index = dyn_cast<tile::IndexOp>(inner))
      values.map(index.getResult(), lanesFrom(b, lane, loop.width));
    else
      emitVectorForm(b, inner, values, loop.width);
  }
  return values;
}

/// An element, or the vector of a loop that starts there.
Value CpuLowering::readElements(const MapLoop &loop, Value buffer, ValueRange at, bool wide) {
  if (!wide || loop.width == 1)
    return memref::LoadOp::create(b, buffer, at);
  return vector::LoadOp::create(b, VectorType::get({loop.width}, cast<MemRefType>(buffer.getType()).getElementType()), buffer, at);
}

/// The values that the region yields at (outer, lane, lane + 1, …). What `known` maps already is not computed again.
SmallVector<Value> CpuLowering::mapElements(const MapLoop &loop, Value outer, Value lane, const IRMapping &known) {
  tile::MapOp op = loop.op;
  int64_t width = loop.width;
  IRMapping values(known);
  SmallVector<Value> here = outer ? SmallVector<Value>{outer, lane} : SmallVector<Value>{lane};
  for (auto [i, argument] : llvm::enumerate(op.getBody().getArguments())) {
    if (values.contains(argument))
      continue;
    bool isNone = op.getBroadcastOf(i) == tile::Broadcast::None, alongLanes = isAlongLanes(op, i, loop.lanes);
    values.map(argument, isNone ? readElements(loop, loop.inputs[i], here, true) : readElements(loop, loop.inputs[i], alongLanes ? lane : outer, alongLanes));
  }
  for (Operation &inner : op.getBody().front().without_terminator()) {
    if (inner.getNumResults() && values.contains(inner.getResult(0)))
      continue;
    if (auto index = dyn_cast<tile::IndexOp>(inner))
      values.map(index.getResult(), !outer || static_cast<int64_t>(index.getAxis()) == loop.lanes ? lanesFrom(b, lane, width) : outer);
    else
      emitVectorForm(b, inner, values, width);
  }
  return llvm::map_to_vector(op.getBody().front().getTerminator()->getOperands(), [&](Value yielded) {
    Value x = values.lookupOrDefault(yielded);
    return width == 1 ? x : splat(b, x, width);
  });
}

/// Stores what is not reduced; `rows` are the values of consecutive steps from `outer` on.
void CpuLowering::storeMapped(const MapLoop &loop, ArrayRef<SmallVector<Value>> rows, Value outer, Value lane) {
  auto store = [&](Value x, Value output, ValueRange at) {
    if (loop.width == 1 && !isa<VectorType>(x.getType()))
      memref::StoreOp::create(b, x, output, at);
    else
      vector::StoreOp::create(b, x, output, at);
  };
  auto step = [&](int64_t n) { return n == 0 ? outer : arith::AddIOp::create(b, outer, constant(n)).getResult(); };
  for (auto [i, output] : llvm::enumerate(loop.outputs)) {
    if (tile::MapOp(loop.op).getReductionOf(i))
      continue;
    if (!hasPairs(cast<tile::TileType>(tile::MapOp(loop.op).getResult(i).getType()))) {
      for (auto [n, values] : llvm::enumerate(rows))
        store(values[i], output, outer ? ValueRange{step(n), lane} : ValueRange{lane});
      continue;
    }
    for (int64_t n = 0; n < static_cast<int64_t>(rows.size()); n += 2) {
      Value low = splat(b, rows[n][i], 1), high = splat(b, rows[n + 1][i], 1);
      Value there[] = {arith::DivUIOp::create(b, step(n), constant(2)), arith::MulIOp::create(b, lane, constant(2))};
      store(vector::InterleaveOp::create(b, low, high), output, there);
    }
  }
}

/// One vector of lanes through all steps of the other axis.
void CpuLowering::mapColumns(const MapLoop &loop, Value lane) {
  tile::MapOp op = loop.op;
  bool pairs = llvm::any_of(op.getResultTypes(), [](Type type) { return hasPairs(cast<tile::TileType>(type)); });
  int64_t depth = cast<tile::TileType>(op.getResult(0).getType()).getShape()[1];
  int64_t steps = op.getReductions() && depth % 4 == 0 ? 4 : pairs ? 2 : 1;
  SmallVector<ReducedResult> reduced = reducedResults(op);
  SmallVector<Value> start;
  for (const ReducedResult &r : reduced) {
    Value neutral = neutralElement(b, r.kind, r.element);
    start.append(steps, loop.width == 1 ? neutral : splat(b, neutral, loop.width));
  }
  IRMapping known = mapLanes(loop, lane);
  auto columns = scf::ForOp::create(b, loop.first, loop.end, constant(steps), start);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(columns.getBody());
    SmallVector<SmallVector<Value>> rows;
    IRMapping first = positionsFrom(b, op, scalars, columns.getInductionVar());
    for (int64_t n = 0; n < steps; ++n) {
      IRMapping here(known);
      for (auto [position, value] : first.getValueMap())
        here.map(position, arith::AddIOp::create(b, value, constant(n)));
      rows.push_back(mapElements(loop, arith::AddIOp::create(b, columns.getInductionVar(), constant(n)), lane, here));
    }
    storeMapped(loop, rows, columns.getInductionVar(), lane);
    SmallVector<Value> next;
    for (auto [r, entry] : llvm::enumerate(reduced))
      for (int64_t n = 0; n < steps; ++n)
        next.push_back(combine(b, entry.kind, columns.getRegionIterArg(r * steps + n), rows[n][entry.number]));
    if (!next.empty())
      scf::YieldOp::create(b, next);
  }
  for (auto [r, entry] : llvm::enumerate(reduced)) {
    Value total = columns.getResult(r * steps);
    for (int64_t n = 1; n < steps; ++n)
      total = combine(b, entry.kind, total, columns.getResult(r * steps + n));
    if (loop.width == 1)
      memref::StoreOp::create(b, total, loop.outputs[entry.number], lane);
    else
      vector::StoreOp::create(b, total, loop.outputs[entry.number], lane);
  }
}

/// Steps of the other axis outside, all vectors of lanes inside: what does not depend on the lane is computed once a step.
void CpuLowering::mapRows(const MapLoop &loop, const ValueSet &perLane) {
  tile::MapOp op = loop.op;
  auto result = cast<tile::TileType>(op.getResult(0).getType());
  int64_t groups = result.getShape()[loop.lanes] / loop.width;
  SmallVector<ReducedResult> reduced = reducedResults(op);
  SmallVector<Value> start;
  for (const ReducedResult &r : reduced)
    start.append(groups, splat(b, neutralElement(b, r.kind, r.element), loop.width));
  SmallVector<IRMapping> lanes;
  for (int64_t group = 0; group < groups; ++group)
    lanes.push_back(mapLanes(loop, constant(group * loop.width)));
  auto steps = scf::ForOp::create(b, loop.first, loop.end, constant(1), start);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(steps.getBody());
    Value outer = steps.getInductionVar();
    IRMapping uniform = mapUniform(loop, perLane, outer);
    SmallVector<Value> next(steps.getRegionIterArgs());
    for (int64_t group = 0; group < groups; ++group) {
      Value lane = constant(group * loop.width);
      IRMapping known(lanes[group]);
      for (auto [from, to] : uniform.getValueMap())
        known.map(from, to);
      SmallVector<Value> values = mapElements(loop, outer, lane, known);
      storeMapped(loop, {values}, outer, lane);
      for (auto [r, entry] : llvm::enumerate(reduced))
        next[r * groups + group] = combine(b, entry.kind, next[r * groups + group], values[entry.number]);
    }
    if (!next.empty())
      scf::YieldOp::create(b, next);
  }
  for (auto [r, entry] : llvm::enumerate(reduced))
    for (int64_t group = 0; group < groups; ++group)
      vector::StoreOp::create(b, steps.getResult(r * groups + group), loop.outputs[entry.number], constant(group * loop.width));
}

} // namespace lacuna
