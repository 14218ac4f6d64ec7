// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/HeadGroups.h"

#include "lib/Analysis/MaskNormalForm.h"

using namespace mlir;

namespace lacuna {

int64_t packableHeads(attn::AttentionOp op) {
  int64_t head = op.getDims().head, heads = op.getQueryType().getDimSize(head), keyHeads = op.getKeyType().getDimSize(head);
  if (ShapedType::isDynamic(heads) || ShapedType::isDynamic(keyHeads))
    return 1;
  bool isBound = static_cast<bool>(op.getQuery().getDefiningOp<attn::GatherRowsOp>());
  return isBound || !normalizeMask(op.getMask()).isIntervalOnly() ? 1 : heads / keyHeads;
}

} // namespace lacuna
