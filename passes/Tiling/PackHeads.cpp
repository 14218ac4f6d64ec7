// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/Tiling/PackHeads.h"

#include "lib/Analysis/MaskNormalForm.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using lacuna::attn::AttentionOp;

namespace lacuna {

Value headRows(ImplicitLocOpBuilder &b, Value memory, attn::Layout layout, bool hasShares) {
  if (layout != attn::Layout::bhsd)
    return memory; // bshd, shd
  SmallVector<unsigned> order = hasShares ? SmallVector<unsigned>{0, 1, 3, 2, 4} : SmallVector<unsigned>{0, 2, 1, 3};
  return memref::TransposeOp::create(b, memory, AffineMapAttr::get(AffineMap::getPermutationMap(order, b.getContext())));
}

Value headValues(ImplicitLocOpBuilder &b, Value memory) {
  SmallVector<unsigned> order = llvm::to_vector(llvm::seq<unsigned>(0, cast<ShapedType>(memory.getType()).getRank()));
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  return memref::TransposeOp::create(b, memory, AffineMapAttr::get(AffineMap::getPermutationMap(order, b.getContext())));
}

bool packsHeads(AttentionOp op, attn::ScheduleAttr schedule) {
  attn::Dims dims = op.getDims();
  int64_t heads = op.getQueryType().getDimSize(dims.head), keyHeads = op.getKeyType().getDimSize(dims.head);
  bool isOneQuery = op.getMaxQueries() == 1 && !ShapedType::isDynamic(heads) && !ShapedType::isDynamic(keyHeads);
  bool isGroup = schedule.getTileM() > 1 && schedule.getTileM() * keyHeads == heads && !schedule.getTransposed() && schedule.getWarps() == 1;
  if (op.getQuery().getDefiningOp<attn::GatherRowsOp>())
    return false;
  return isOneQuery && isGroup && op.getScore().empty() && !op.getSinkLogits() && normalizeMask(op.getMask()).isIntervalOnly();
}

} // namespace lacuna
