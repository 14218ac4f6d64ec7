// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/Tiling/AttentionLowering.h"

#include "lib/Analysis/HeadGroups.h"
#include "lib/Analysis/ScalarRegion.h"

using namespace mlir;
using namespace lacuna;
using attn::AttentionOp;

AttentionLowering::AttentionLowering(AttentionOp op)
    : op(op), captures(collectCaptures(op.getMask(), &op.getScore())), schedule(op.getScheduleAttr()) {
  auto layout = op.getLayout();
  query = storageOf(op.getQuery(), layout), key = storageOf(op.getKey(), layout), value = storageOf(op.getValue(), layout);
  if (query.page) // pages are for keys and values: outputs have rows of their own
    query = {op.getQuery(), Value(), 0};
  // The kernel stands where the scatter was: nobody may want its other results before. Shares and heads as rows have no rows of the scatter's kind.
  if (schedule.getPackHeads())
    group = packableHeads(op);
  if (schedule.getSplit() <= 1 && group == 1 && llvm::all_of(op->getResults().drop_front(), [](Value v) { return v.use_empty(); }))
    scatter = scatterOf(op.getResult(0), layout);
  if (scatter)
    output.table = scatter.getRows();
}

SmallVector<Value> AttentionLowering::inputs() {
  SmallVector<Value> result{query.source, key.source, value.source};
  if (op.getSinkLogits())
    result.push_back(op.getSinkLogits());
  llvm::append_range(result, captures);
  for (RowStorage *storage : storages())
    if (storage->table)
      result.push_back(storage->table);
  return result;
}

void AttentionLowering::enter(ValueRange arguments) {
  query.source = arguments[0], key.source = arguments[1], value.source = arguments[2];
  size_t next = (op.getSinkLogits() ? 4 : 3) + captures.size();
  for (RowStorage *storage : storages())
    if (storage->table)
      storage->table = arguments[next++];
}
