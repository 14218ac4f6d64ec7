// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/ToCPU/MapFlags.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace lacuna;

llvm::SetVector<Value> lacuna::flagsOf(tile::MapOp map) {
  llvm::SetVector<Value> flags;
  for (auto disjunction : map.getBody().getOps<arith::OrIOp>())
    for (Value operand : disjunction->getOperands())
      if (operand.getType().isInteger(1) && operand.getParentRegion() != &map.getBody() && !matchPattern(operand, m_Constant()))
        flags.insert(operand);
  return flags;
}

tile::MapOp lacuna::whereFlagsHold(tile::MapOp map, const llvm::SetVector<Value> &flags) {
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
