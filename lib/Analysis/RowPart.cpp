// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/RowPart.h"

#include "lib/Support/IntegerDivision.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace lacuna {
namespace {

bool isRead(Operation &op) { return isa<attn::LookupOp, attn::SegmentOp>(op); }

/// What an element of a tile can hold.
bool isKeepable(Type type) { return type.isIndex() || type.isInteger(1) || type.isF32(); }

} // namespace

RowPart::RowPart(Region &region, int64_t queryTile) {
  Block &block = region.front();
  findRowOps(block, queryTile);
  for (Operation *op : llvm::make_pointer_range(block.without_terminator())) {
    auto isElsewhere = [&](Operation *user) { return !rowOps.contains(user) || !isKeepable(user->getResult(0).getType()); };
    if (rowOps.contains(op) && costs.lookup(op) > 1 && isKeepable(op->getResult(0).getType()) && llvm::any_of(op->getUsers(), isElsewhere))
      keptOps.push_back(op);
  }
  findPairOps(block);
}

void RowPart::findRowOps(Block &block, int64_t queryTile) {
  for (Operation &op : block.without_terminator()) {
    bool ofRow = op.getNumResults() == 1 && llvm::all_of(op.getOperands(), [&](Value v) {
      if (auto argument = dyn_cast<BlockArgument>(v); argument && argument.getOwner() == &block)
        return argument.getArgNumber() < 3;
      Operation *def = v.getDefiningOp();
      return !def || def->getBlock() != &block || rowOps.contains(def);
    });
    if (!ofRow)
      continue;
    rowOps.insert(&op);
    costs[&op] = costOf(op, queryTile);
    readsTables |= isRead(op);
  }
}

int64_t RowPart::costOf(Operation &op, int64_t queryTile) const {
  APInt divisor;
  bool isBlockNumber = isa<arith::FloorDivSIOp, arith::DivSIOp, arith::DivUIOp>(op) && isa<BlockArgument>(op.getOperand(0)) &&
                       matchPattern(op.getOperand(1), m_ConstantInt(&divisor));
  if (isBlockNumber && queryTile > 0 && divisor.isStrictlyPositive() && divisor.getSExtValue() % queryTile == 0)
    return 0;
  bool varies = false;
  int64_t cost = 0;
  for (Value operand : op.getOperands()) {
    if (auto argument = dyn_cast<BlockArgument>(operand))
      varies |= argument.getOwner() == op.getBlock() && argument.getArgNumber() == 2;
    else
      cost += costs.lookup(operand.getDefiningOp());
  }
  if (isRead(op))
    return cost + 2;
  if (!varies && cost == 0)
    return 0;
  return cost + (isIntegerDivision(&op) || isa<attn::ContainsOp>(op) ? 2 : 1);
}

void RowPart::findPairOps(Block &block) {
  SmallVector<Operation *> worklist{block.getTerminator()};
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    if (!pairOps.insert(op).second || llvm::is_contained(keptOps, op))
      continue;
    for (Value operand : op->getOperands())
      if (Operation *def = operand.getDefiningOp(); def && def->getBlock() == &block)
        worklist.push_back(def);
  }
}

} // namespace lacuna
