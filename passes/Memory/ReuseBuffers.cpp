// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile-reuse-buffers: which results take over the buffer of an operand that dies there. Without it every step of the softmax would touch new memory.
#include "dialects/Tile/Tile.h"
#include "passes/Memory/Passes.h"

namespace lacuna {
#define GEN_PASS_DEF_TILEREUSEBUFFERS
#include "passes/Memory/MemoryPasses.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;

namespace {

/// True when `op` is the last user of `value` and `value` belongs to the same block, so that no later iteration sees it.
bool diesAt(Value value, Operation *op) {
  if (value.getParentBlock() != op->getBlock())
    return false;
  return llvm::all_of(value.getUsers(), [&](Operation *user) {
    Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*user);
    return ancestor && (ancestor == op || ancestor->isBeforeInBlock(op));
  });
}

/// Number of the operand whose buffer the first result may take, or -1. Reduced results get buffers of their own.
int64_t reusableOperand(Operation *op) {
  auto result = cast<tile::TileType>(op->getResult(0).getType());
  for (OpOperand &operand : op->getOpOperands()) {
    if (operand.get().getType() != result || result.getSpace() != tile::Space::Scratch || !diesAt(operand.get(), op))
      continue;
    if (llvm::count(op->getOperands(), operand.get()) != 1)
      continue;
    if (auto map = dyn_cast<tile::MapOp>(op); map && map.getBroadcastOf(operand.getOperandNumber()) != tile::Broadcast::None)
      continue;
    if (auto mma = dyn_cast<tile::MmaOp>(op); mma && operand.get() != mma.getAcc())
      continue;
    return operand.getOperandNumber();
  }
  return -1;
}

struct TileReuseBuffers final : lacuna::impl::TileReuseBuffersBase<TileReuseBuffers> {
  void runOnOperation() override {
    getOperation().walk([&](Operation *op) {
      auto map = dyn_cast<tile::MapOp>(op);
      if (!isa<tile::MapOp, tile::MmaOp>(op) || (op->getNumResults() != 1 && !(map && map.getReductions())))
        return;
      if (int64_t operand = reusableOperand(op); operand >= 0)
        op->setAttr("tile.reuse", IntegerAttr::get(IntegerType::get(op->getContext(), 64), operand));
    });
  }
};

} // namespace
