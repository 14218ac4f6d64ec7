// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.map: the scalar region on whole vectors of lanes where every op that depends on the lane has a vector form, else element by element. Values that
// do not depend on the lane stay scalar, loops and reads of tables among them. A map that asks a flag of the whole tile (`ori flag, …`: a mask that may be
// known to hold everywhere) is emitted twice, the second time without what the flag makes superfluous.
#include "passes/ToCPU/CpuLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace lacuna {
namespace {

/// Is an operand of the map read along the lanes, one element a lane?
bool isAlongLanes(tile::MapOp op, unsigned operand, int64_t lanes) {
  tile::Broadcast broadcast = op.getBroadcastOf(operand);
  return broadcast == tile::Broadcast::None || (broadcast == tile::Broadcast::Rows ? lanes == 0 : lanes == 1);
}

using ValueSet = llvm::SmallDenseSet<Value>;

/// The values that depend on the lane, where every op that makes one works on vectors; else nothing.
std::optional<ValueSet> findPerLane(tile::MapOp map, int64_t lanes) {
  ValueSet perLane;
  Block &block = map.getBody().front();
  for (BlockArgument argument : block.getArguments())
    if (isAlongLanes(map, argument.getArgNumber(), lanes))
      perLane.insert(argument);
  bool isVector = cast<tile::TileType>(map.getResult(0).getType()).getRank() == 1;
  for (Operation &op : block.without_terminator()) {
    auto index = dyn_cast<tile::IndexOp>(op);
    SetVector<Value> used(op.operand_begin(), op.operand_end());
    for (Region &region : op.getRegions())
      getUsedValuesDefinedAbove(region, used);
    if (index ? !isVector && static_cast<int64_t>(index.getAxis()) != lanes : llvm::none_of(used, [&](Value v) { return perLane.contains(v); }))
      continue;
    if (!index && (op.getNumRegions() || !OpTrait::hasElementwiseMappableTraits(&op)))
      return std::nullopt;
    perLane.insert(op.result_begin(), op.result_end());
  }
  return perLane;
}

/// Is something computed once for all lanes that takes a loop or a branch?
bool hasCostlyUniformOps(tile::MapOp map) {
  return llvm::any_of(map.getBody().front(), [](Operation &op) { return op.getNumRegions() > 0; });
}

/// Flags of the whole tile that the map asks: i1 values from outside, in `ori`.
SetVector<Value> flagsOf(tile::MapOp map) {
  SetVector<Value> flags;
  for (auto disjunction : map.getBody().getOps<arith::OrIOp>())
    for (Value operand : disjunction->getOperands())
      if (operand.getType().isInteger(1) && operand.getParentRegion() != &map.getBody() && !matchPattern(operand, m_Constant()))
        flags.insert(operand);
  return flags;
}

/// A copy of the map for the case that all flags are true.
tile::MapOp whereFlagsHold(tile::MapOp map, const SetVector<Value> &flags) {
  OpBuilder b(map);
  auto copy = cast<tile::MapOp>(b.clone(*map));
  Block &block = copy.getBody().front();
  b.setInsertionPointToStart(&block);
  Value yes = arith::ConstantOp::create(b, map.getLoc(), b.getBoolAttr(true));
  for (Value flag : flags)
    flag.replaceUsesWithIf(yes, [&](OpOperand &use) { return use.getOwner()->getBlock() == &block; });
  for (Operation &op : llvm::make_early_inc_range(block.without_terminator())) {
    if (!isa<arith::OrIOp, arith::AndIOp>(op) || !op.getResult(0).getType().isInteger(1))
      continue;
    for (unsigned i : {0u, 1u})
      if (matchPattern(op.getOperand(i), m_One()))
        op.getResult(0).replaceAllUsesWith(isa<arith::OrIOp>(op) ? yes : op.getOperand(1 - i));
  }
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op)) // never the terminator
      op.erase();
  return copy;
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
  SmallVector<Value> inputs = llvm::map_to_vector(op.getInputs(), [&](Value v) { return buffers.lookup(v); });
  SmallVector<Value> outputs = llvm::map_to_vector(op->getResults(), [&](OpResult r) { return bufferFor(r); });
  int64_t width = vectorWidthFor(bufferType(result).getShape().back(), vectorWidth(result.getElementType()));
  auto emit = [&](tile::MapOp map) {
    std::optional<ValueSet> perLane = findPerLane(map, lanesAxis(result));
    if (perLane && result.getRank() == 2 && width > 1 && hasCostlyUniformOps(map))
      return mapRowByRow(map, inputs, outputs, width, *perLane);
    mapVectors(map, inputs, outputs, perLane ? width : 1);
  };
  SetVector<Value> flags = flagsOf(op);
  if (flags.empty())
    return emit(op), success();
  Value all;
  for (Value flag : flags)
    all = all ? arith::AndIOp::create(b, all, scalar(flag)).getResult() : scalar(flag);
  auto branch = scf::IfOp::create(b, all, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  tile::MapOp simpler = whereFlagsHold(op, flags);
  emit(simpler);
  simpler.erase();
  b.setInsertionPointToStart(branch.elseBlock());
  emit(op);
  return success();
}

/// The element of an operand of a map, or `width` of them.
static Value readMapped(ImplicitLocOpBuilder &b, Value buffer, ValueRange at, bool wide, int64_t width) {
  if (!wide || width == 1)
    return memref::LoadOp::create(b, buffer, at);
  return vector::LoadOp::create(b, VectorType::get({width}, cast<MemRefType>(buffer.getType()).getElementType()), buffer, at);
}

/// Rows of the buffer outside, vectors of lanes inside: what does not depend on the lane is computed once a row.
void CpuLowering::mapRowByRow(tile::MapOp op, ArrayRef<Value> inputs, ArrayRef<Value> outputs, int64_t width, const llvm::SmallDenseSet<Value> &perLane) {
  ArrayRef<int64_t> shape = bufferType(cast<tile::TileType>(op.getResult(0).getType())).getShape();
  Block &body = op.getBody().front();
  forLoop(shape[0], 1, [&](Value outer) {
    IRMapping row(scalars);
    for (BlockArgument argument : body.getArguments())
      if (!perLane.contains(argument))
        row.map(argument, readMapped(b, inputs[argument.getArgNumber()], outer, false, width));
    for (Operation &inner : body.without_terminator()) {
      if (inner.getNumResults() && perLane.contains(inner.getResult(0)))
        continue;
      if (auto index = dyn_cast<tile::IndexOp>(inner))
        row.map(index.getResult(), outer);
      else
        b.clone(inner, row);
    }
    forLoop(shape[1], width, [&](Value lane) {
      IRMapping values(row);
      for (BlockArgument argument : body.getArguments())
        if (perLane.contains(argument)) {
          bool isTile = op.getBroadcastOf(argument.getArgNumber()) == tile::Broadcast::None;
          values.map(argument, readMapped(b, inputs[argument.getArgNumber()], isTile ? ValueRange{outer, lane} : ValueRange{lane}, true, width));
        }
      for (Operation &inner : body.without_terminator()) {
        if (!inner.getNumResults() || !perLane.contains(inner.getResult(0)))
          continue;
        if (auto index = dyn_cast<tile::IndexOp>(inner))
          values.map(index.getResult(), lanesFrom(b, lane, width));
        else
          emitVectorForm(b, inner, values, width);
      }
      for (auto [value, output] : llvm::zip(body.getTerminator()->getOperands(), outputs))
        vector::StoreOp::create(b, splat(b, values.lookupOrDefault(value), width), output, ValueRange{outer, lane});
    });
  });
}

/// Loops over the result in vectors of `width` lanes (1: scalars).
void CpuLowering::mapVectors(tile::MapOp op, ArrayRef<Value> inputs, ArrayRef<Value> outputs, int64_t width) {
  auto result = cast<tile::TileType>(op.getResult(0).getType());
  int64_t rank = result.getRank(), lanes = lanesAxis(result);
  ArrayRef<int64_t> shape = bufferType(result).getShape();
  auto read = [&](Value buffer, ValueRange at, bool wide) { return readMapped(b, buffer, at, wide, width); };
  auto body = [&](Value outer, Value lane) {
    IRMapping values(scalars);
    SmallVector<Value> here = rank == 2 ? SmallVector<Value>{outer, lane} : SmallVector<Value>{lane};
    for (auto [i, argument] : llvm::enumerate(op.getBody().getArguments())) {
      bool alongLanes = isAlongLanes(op, i, lanes);
      values.map(argument, op.getBroadcastOf(i) == tile::Broadcast::None ? read(inputs[i], here, true) : read(inputs[i], alongLanes ? lane : outer, alongLanes));
    }
    for (Operation &inner : op.getBody().front().without_terminator()) {
      if (auto index = dyn_cast<tile::IndexOp>(inner))
        values.map(index.getResult(), rank == 1 || static_cast<int64_t>(index.getAxis()) == lanes ? lanesFrom(b, lane, width) : outer);
      else
        emitVectorForm(b, inner, values, width);
    }
    for (auto [value, output] : llvm::zip(op.getBody().front().getTerminator()->getOperands(), outputs)) {
      Value x = values.lookupOrDefault(value);
      if (width == 1)
        memref::StoreOp::create(b, x, output, here);
      else
        vector::StoreOp::create(b, splat(b, x, width), output, here);
    }
  };
  // The loop over queries is outside, so that per-row operands are read once and stay in registers.
  auto overLanes = [&](llvm::function_ref<void(Value)> inner) { forLoop(shape.back(), width, inner); };
  if (rank == 1)
    overLanes([&](Value lane) { body(Value(), lane); });
  else if (lanes == 0)
    overLanes([&](Value lane) { forLoop(shape[0], 1, [&](Value outer) { body(outer, lane); }); });
  else
    forLoop(shape[0], 1, [&](Value outer) { overLanes([&](Value lane) { body(outer, lane); }); });
}

} // namespace lacuna
