// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.map: the scalar region on whole vectors of lanes where every op has a vector form, else element by element. Values that do not depend on
// the lane stay scalar. Reduced results stay in registers, four partial ones to cover the latency; results in pairs take two steps at a time.
#include "passes/ToCPU/CpuLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace lacuna {
namespace {

bool hasVectorForm(Block &block) {
  return llvm::all_of(block.without_terminator(), [](Operation &op) {
    return isa<tile::IndexOp>(op) || (op.getNumRegions() == 0 && (OpTrait::hasElementwiseMappableTraits(&op) || op.hasTrait<OpTrait::ConstantLike>()));
  });
}

/// Emits one op: on scalars as it is, on vectors if some operand is one.
void emitVectorForm(ImplicitLocOpBuilder &b, Operation &op, IRMapping &values, int64_t width) {
  auto isVector = [&](Value v) { return isa<VectorType>(values.lookupOrDefault(v).getType()); };
  if (llvm::none_of(op.getOperands(), isVector)) {
    b.clone(op, values);
    return;
  }
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
  MapLoop loop{op, lanesAxis(result), vectorWidth(result.getElementType()), {}, {}};
  loop.inputs = llvm::map_to_vector(op.getInputs(), [&](Value v) { return buffers.lookup(v); });
  loop.outputs = llvm::map_to_vector(op->getResults(), [&](OpResult r) { return bufferFor(r); });
  int64_t lanes = result.getShape()[loop.lanes];
  if (!hasVectorForm(op.getBody().front()) || lanes % loop.width != 0)
    loop.width = 1;
  // Lanes outside, so that per-row operands are read once and stay in registers.
  forLoop(lanes, loop.width, [&](Value lane) {
    if (result.getRank() == 1)
      storeMapped(loop, {mapElements(loop, Value(), lane)}, Value(), lane);
    else
      mapColumns(loop, result.getShape()[1 - loop.lanes], lane);
  });
  return success();
}

/// The values that the region yields at (outer, lane, lane + 1, …).
SmallVector<Value> CpuLowering::mapElements(const MapLoop &loop, Value outer, Value lane) {
  tile::MapOp op = loop.op;
  int64_t width = loop.width;
  auto read = [&](Value buffer, ValueRange at, bool wide) -> Value {
    if (!wide || width == 1)
      return memref::LoadOp::create(b, buffer, at);
    return vector::LoadOp::create(b, VectorType::get({width}, cast<MemRefType>(buffer.getType()).getElementType()), buffer, at);
  };
  IRMapping values(scalars);
  SmallVector<Value> here = outer ? SmallVector<Value>{outer, lane} : SmallVector<Value>{lane};
  for (auto [i, argument] : llvm::enumerate(op.getBody().getArguments())) {
    tile::Broadcast broadcast = op.getBroadcastOf(i);
    bool isNone = broadcast == tile::Broadcast::None, alongLanes = broadcast == tile::Broadcast::Rows ? loop.lanes == 0 : loop.lanes == 1;
    values.map(argument, isNone ? read(loop.inputs[i], here, true) : read(loop.inputs[i], alongLanes ? lane : outer, alongLanes));
  }
  for (Operation &inner : op.getBody().front().without_terminator()) {
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

/// One vector of lanes through all `depth` steps of the other axis.
void CpuLowering::mapColumns(const MapLoop &loop, int64_t depth, Value lane) {
  tile::MapOp op = loop.op;
  bool pairs = llvm::any_of(op.getResultTypes(), [](Type type) { return hasPairs(cast<tile::TileType>(type)); });
  int64_t steps = op.getReductions() && depth % 4 == 0 ? 4 : pairs ? 2 : 1;
  SmallVector<std::pair<unsigned, tile::Reduction>> reduced;
  SmallVector<Value> start;
  for (unsigned i = 0; i < op.getNumResults(); ++i)
    if (std::optional<tile::Reduction> kind = op.getReductionOf(i)) {
      reduced.push_back({i, *kind});
      Value neutral = neutralElement(b, *kind, cast<tile::TileType>(op.getResult(i).getType()).getElementType());
      start.append(steps, loop.width == 1 ? neutral : splat(b, neutral, loop.width));
    }
  auto columns = scf::ForOp::create(b, constant(0), constant(depth), constant(steps), start);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(columns.getBody());
    SmallVector<SmallVector<Value>> rows;
    for (int64_t n = 0; n < steps; ++n)
      rows.push_back(mapElements(loop, arith::AddIOp::create(b, columns.getInductionVar(), constant(n)), lane));
    storeMapped(loop, rows, columns.getInductionVar(), lane);
    SmallVector<Value> next;
    for (auto [r, entry] : llvm::enumerate(reduced))
      for (int64_t n = 0; n < steps; ++n)
        next.push_back(combine(b, entry.second, columns.getRegionIterArg(r * steps + n), rows[n][entry.first]));
    if (!next.empty())
      scf::YieldOp::create(b, next);
  }
  for (auto [r, entry] : llvm::enumerate(reduced)) {
    Value total = columns.getResult(r * steps);
    for (int64_t n = 1; n < steps; ++n)
      total = combine(b, entry.second, total, columns.getResult(r * steps + n));
    if (loop.width == 1)
      memref::StoreOp::create(b, total, loop.outputs[entry.first], lane);
    else
      vector::StoreOp::create(b, total, loop.outputs[entry.first], lane);
  }
}

} // namespace lacuna
