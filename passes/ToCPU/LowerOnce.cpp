// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.convert_once: a slot of the launch's workspace, or this thread's own buffer while another thread fills the slot. Nobody waits, and each slot has one
// writer: the thread whose maximum found 0. The atomic maxima order its stores before the loads of whoever finds 2.
#include "passes/ToCPU/CpuLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace lacuna {
namespace {

/// States of a slot only grow.
enum SlotState : int32_t { kNobody = 0, kConverting = 1, kReady = 2 };

/// Raises a state and returns what it was.
Value raiseState(ImplicitLocOpBuilder &b, Value states, ValueRange at, SlotState to) {
  Value state = arith::ConstantIntOp::create(b, b.getI32Type(), to);
  return memref::AtomicRMWOp::create(b, arith::AtomicRMWKind::maxu, state, states, at);
}

Value isState(ImplicitLocOpBuilder &b, Value state, SlotState which) {
  return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, state, arith::ConstantIntOp::create(b, b.getI32Type(), which));
}

/// What a slot's state was before this thread asked for it. A slot that does not exist is always somebody else's.
Value askForSlot(ImplicitLocOpBuilder &b, Value states, ValueRange at) {
  Value count = memref::DimOp::create(b, states, at.size() - 1);
  Value exists = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, at.back(), count);
  auto branch = scf::IfOp::create(b, TypeRange{b.getI32Type()}, exists, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, raiseState(b, states, at, kConverting));
  b.setInsertionPointToStart(branch.elseBlock());
  Value taken = arith::ConstantIntOp::create(b, b.getI32Type(), kConverting);
  scf::YieldOp::create(b, taken);
  return branch.getResult(0);
}

} // namespace

/// Elements of a slot as the buffer of a tile.
Value CpuLowering::slotOf(Value slots, ValueRange at, MemRefType buffer) {
  Value flat = planeOf(slots, at, 1);
  return memref::ExpandShapeOp::create(b, buffer.getShape(), flat, ArrayRef<ReassociationIndices>{{0, 1}});
}

LogicalResult CpuLowering::lowerConvertOnce(tile::ConvertOnceOp op) {
  tile::TileType to = op.getResult().getType();
  auto source = views.find(op.getTile());
  if (source == views.end() || to.getRank() != 2)
    return op.emitOpError("expects a loaded tile of rank 2, but got ") << op.getTile().getType();
  RowView view = source->second;
  SmallVector<Value> at = llvm::map_to_vector(op.getIndices(), [&](Value index) { return scalar(index); });
  Value states = scalar(op.getStates()), slot = slotOf(scalar(op.getSlots()), op.getIndices(), bufferType(to));
  Value own = memref::CastOp::create(b, slot.getType(), allocate(bufferType(to)));
  Value before = askForSlot(b, states, at);
  Value buffer = arith::SelectOp::create(b, isState(b, before, kConverting), own, slot);
  Value isReady = isState(b, before, kReady);
  auto branch = scf::IfOp::create(b, isReady, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.elseBlock());
  pack(view, to, buffer);
  auto isFirst = scf::IfOp::create(b, isState(b, before, kNobody), /*withElseRegion=*/false);
  b.setInsertionPointToStart(isFirst.thenBlock());
  raiseState(b, states, at, kReady);
  buffers[op.getResult()] = buffer;
  return success();
}

} // namespace lacuna
