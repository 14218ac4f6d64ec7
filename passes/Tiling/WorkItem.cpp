// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/Tiling/WorkItem.h"

#include "lib/Analysis/IndexArithmetic.h"

using namespace mlir;

namespace lacuna {

Value WorkItem::rowQuery(ImplicitLocOpBuilder &b) const {
  Value row = add(b, firstRow, tile::IndexOp::create(b, 0));
  return group > 1 ? b.createOrFold<arith::DivUIOp>(row, constant(b, group)) : row;
}

Value WorkItem::rowHead(ImplicitLocOpBuilder &b) const {
  if (group == 1)
    return head;
  Value row = add(b, firstRow, tile::IndexOp::create(b, 0));
  return add(b, head, b.createOrFold<arith::RemUIOp>(row, constant(b, group)));
}

Coordinates WorkItem::rowCoordinates(ImplicitLocOpBuilder &b) const {
  return {batch, rowHead(b), rowQuery(b), Value(), queryLength, keyLength, heads, queryTile()};
}

int64_t WorkItem::blockTile() const { return group == 1 ? tileM : 0; }

} // namespace lacuna
