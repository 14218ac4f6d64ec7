// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/ToCPU/MapLanes.h"

#include "lib/Support/IntegerDivision.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace lacuna {

bool isAlongLanes(tile::MapOp op, unsigned operand, int64_t lanes) {
  tile::Broadcast broadcast = op.getBroadcastOf(operand);
  return broadcast == tile::Broadcast::None || (broadcast == tile::Broadcast::Rows ? lanes == 0 : lanes == 1);
}

int64_t laneStep(Value value, llvm::function_ref<bool(Value)> isPerLane) {
  Operation *op = value.getDefiningOp();
  if (!isPerLane(value) || !op)
    return 0;
  if (isa<tile::IndexOp>(op))
    return 1;
  if (!isa<arith::AddIOp, arith::SubIOp>(op))
    return 0;
  Value x = op->getOperand(0), y = op->getOperand(1);
  if (isPerLane(x) && isPerLane(y))
    return 0;
  int64_t step = laneStep(isPerLane(x) ? x : y, isPerLane);
  return isa<arith::SubIOp>(op) && isPerLane(y) ? -step : step;
}

bool readsNeighbours(Operation &op, llvm::function_ref<bool(Value)> isPerLane) {
  auto load = dyn_cast<memref::LoadOp>(op);
  return load && !load.getIndices().empty() && laneStep(load.getIndices().back(), isPerLane) != 0 &&
         llvm::none_of(load.getIndices().drop_back(), isPerLane);
}

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
    if (!index && !readsNeighbours(op, [&](Value v) { return perLane.contains(v); }) && (op.getNumRegions() || !OpTrait::hasElementwiseMappableTraits(&op)))
      return std::nullopt;
    perLane.insert(op.result_begin(), op.result_end());
  }
  return perLane;
}

ValueSet findLaneOnly(tile::MapOp map, int64_t lanes) {
  ValueSet laneOnly;
  Block &block = map.getBody().front();
  for (BlockArgument argument : block.getArguments())
    if (map.getBroadcastOf(argument.getArgNumber()) != tile::Broadcast::None && isAlongLanes(map, argument.getArgNumber(), lanes))
      laneOnly.insert(argument);
  auto isOutside = [&](Value v) { return v.getParentBlock() != &block; };
  for (Operation &op : block.without_terminator()) {
    if (auto index = dyn_cast<tile::IndexOp>(op)) {
      if (static_cast<int64_t>(index.getAxis()) == lanes)
        laneOnly.insert(index.getResult());
    } else if (op.getNumRegions() == 0 && isMemoryEffectFree(&op) && op.getNumOperands() > 0 &&
               llvm::all_of(op.getOperands(), [&](Value v) { return laneOnly.contains(v) || isOutside(v); })) {
      laneOnly.insert(op.result_begin(), op.result_end());
    }
  }
  return laneOnly;
}

IRMapping positionsFrom(ImplicitLocOpBuilder &b, tile::MapOp op, const IRMapping &scalars, Value first) {
  IRMapping positions;
  for (auto sum : op.getBody().getOps<arith::AddIOp>()) {
    auto isIndex = [](Value v) {
      auto index = v.getDefiningOp<tile::IndexOp>();
      return index && index.getAxis() == 1;
    };
    auto isOutside = [&](Value v) { return v.getParentRegion() != &op.getBody(); };
    for (auto [x, y] : {std::pair(sum.getLhs(), sum.getRhs()), std::pair(sum.getRhs(), sum.getLhs())})
      if (isOutside(x) && isIndex(y))
        positions.map(sum.getResult(), arith::AddIOp::create(b, scalars.lookupOrDefault(x), first));
  }
  return positions;
}

bool hasCostlyUniformOps(tile::MapOp map, int64_t lanes, const ValueSet &perLane) {
  ValueSet laneOnly = findLaneOnly(map, lanes);
  return llvm::any_of(map.getBody().front().without_terminator(), [&](Operation &op) {
    bool divides = isIntegerDivision(&op) && !matchPattern(op.getOperand(1), m_Constant());
    return op.getNumResults() && !perLane.contains(op.getResult(0)) && !laneOnly.contains(op.getResult(0)) && (op.getNumRegions() > 0 || divides);
  });
}

} // namespace lacuna
