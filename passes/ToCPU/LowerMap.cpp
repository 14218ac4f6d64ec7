// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.map: the scalar region on whole vectors of lanes where every op has a vector form, else element by element. Values that do not depend on
// the lane stay scalar.
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
  SmallVector<Value> inputs = llvm::map_to_vector(op.getInputs(), [&](Value v) { return buffers.lookup(v); });
  SmallVector<Value> outputs = llvm::map_to_vector(op->getResults(), [&](OpResult r) { return bufferFor(r); });
  int64_t width = vectorWidthFor(bufferType(result).getShape().back(), vectorWidth(result.getElementType()));
  mapVectors(op, inputs, outputs, hasVectorForm(op.getBody().front()) ? width : 1);
  return success();
}

/// Loops over the result in vectors of `width` lanes (1: scalars).
void CpuLowering::mapVectors(tile::MapOp op, ArrayRef<Value> inputs, ArrayRef<Value> outputs, int64_t width) {
  auto result = cast<tile::TileType>(op.getResult(0).getType());
  int64_t rank = result.getRank(), lanes = lanesAxis(result);
  ArrayRef<int64_t> shape = bufferType(result).getShape();
  auto read = [&](Value buffer, ValueRange at, bool wide) -> Value {
    if (!wide || width == 1)
      return memref::LoadOp::create(b, buffer, at);
    return vector::LoadOp::create(b, VectorType::get({width}, cast<MemRefType>(buffer.getType()).getElementType()), buffer, at);
  };
  auto body = [&](Value outer, Value lane) {
    IRMapping values(scalars);
    SmallVector<Value> here = rank == 2 ? SmallVector<Value>{outer, lane} : SmallVector<Value>{lane};
    for (auto [i, argument] : llvm::enumerate(op.getBody().getArguments())) {
      tile::Broadcast broadcast = op.getBroadcastOf(i);
      bool alongLanes = broadcast == tile::Broadcast::None || (broadcast == tile::Broadcast::Rows ? lanes == 0 : lanes == 1);
      values.map(argument, broadcast == tile::Broadcast::None ? read(inputs[i], here, true) : read(inputs[i], alongLanes ? lane : outer, alongLanes));
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
