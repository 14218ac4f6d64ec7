// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn-select-schedule: table or user's choice → attribute. Later passes only read it.
#include "dialects/Attn/Attn.h"
#include "lib/Analysis/HeadGroups.h"
#include "lib/Support/KernelTarget.h"
#include "lib/Target/Schedules.h"
#include "passes/Schedule/Passes.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"

#include <numeric>

namespace lacuna {
#define GEN_PASS_DEF_ATTNSELECTSCHEDULEPASS
#include "passes/Schedule/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;

namespace {

/// Extents of the blocks of a block op; none for other ops.
ArrayRef<int64_t> blockExtents(Operation *op) {
  if (auto cover = dyn_cast<attn::BlockCoverOp>(op))
    return cover.getBlock();
  auto interior = dyn_cast<attn::BlockInteriorOp>(op);
  return interior ? interior.getBlock() : ArrayRef<int64_t>();
}

/// Greatest common divisors of the constants that the mask's pairs divide queries and keys by (blocks of sets, of rows, chunks); 0 where there are none.
std::pair<int64_t, int64_t> blocksOf(Value mask) {
  std::pair<int64_t, int64_t> blocks{0, 0};
  SmallVector<Value> worklist;
  if (mask)
    worklist.push_back(mask);
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val().getDefiningOp();
    if (!op)
      continue;
    if (auto predicate = dyn_cast<attn::PredicateOp>(op))
      for (auto division : predicate.getBody().getOps<arith::FloorDivSIOp>()) {
        APInt size;
        auto position = dyn_cast<BlockArgument>(division.getLhs());
        if (!position || !matchPattern(division.getRhs(), m_ConstantInt(&size)) || !size.isStrictlyPositive())
          continue;
        if (position.getArgNumber() >= 2)
          (position.getArgNumber() == 2 ? blocks.first : blocks.second) =
              std::gcd(position.getArgNumber() == 2 ? blocks.first : blocks.second, size.getSExtValue());
      }
    if (ArrayRef<int64_t> extents = blockExtents(op); !extents.empty()) {
      if (!op->getRegion(0).empty()) // the blocks of a frame begin anywhere
        continue;
      blocks = {std::gcd(blocks.first, extents[0]), std::gcd(blocks.second, extents[1])};
    }
    llvm::append_range(worklist, op->getOperands());
  }
  return blocks;
}

AttentionShape shapeOf(attn::AttentionOp op, bool batchInvariant) {
  attn::Dims dims = op.getDims();
  ArrayRef<int64_t> query = op.getQueryType().getShape();
  AttentionShape shape{std::max(op.getHeadSize(), op.getValueSize())};
  shape.queries = op.getMaxQueries();
  int64_t batch = dims.batch < 0 || batchInvariant ? 1 : query[dims.batch];
  if (!ShapedType::isDynamic(batch) && !ShapedType::isDynamic(query[dims.head]))
    shape.rowGroups = batch * query[dims.head];
  shape.isUpperBound = ShapedType::isDynamic(query[dims.sequence]);
  shape.packableHeads = packableHeads(op);
  return shape;
}

struct AttnSelectSchedule final : lacuna::impl::AttnSelectSchedulePassBase<AttnSelectSchedule> {
  using AttnSelectSchedulePassBase::AttnSelectSchedulePassBase;

  void runOnOperation() override {
    attn::ScheduleAttr given;
    if (!schedule.empty()) {
      given = dyn_cast_or_null<attn::ScheduleAttr>(parseAttribute(schedule, &getContext()));
      if (!given) {
        getOperation().emitError("expects a schedule like #attn.schedule<tile_m = 64, tile_n = 64>, but got ") << schedule;
        return signalPassFailure();
      }
    }
    WalkResult result = getOperation().walk([&](attn::AttentionOp op) {
      if (op.getScheduleAttr())
        return WalkResult::advance();
      attn::ScheduleAttr choice = given ? given : choose(op);
      if (!choice)
        return WalkResult::interrupt();
      op.setScheduleAttr(choice);
      remark::passed(op.getLoc(), remark::RemarkOpts::name("schedule").category("lacuna-schedule"))
          << remark::metric("tile_m", choice.getTileM()) << remark::metric("tile_n", choice.getTileN());
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }

  attn::ScheduleAttr choose(attn::AttentionOp op) {
    const TargetDescription *target = targetOf(op);
    if (!target)
      return {};
    AttentionShape shape = shapeOf(op, batchInvariant);
    std::optional<Schedule> row = chooseSchedule(*target, shape);
    if (!row) {
      op.emitOpError("expects a chip and head size with a schedule, but got ") << target->name << " and head size " << shape.headSize;
      return {};
    }
    auto [queries, keys] = blocksOf(op.getMask());
    Schedule fitted = fitToBlocks(*row, *target, queries, keys);
    return attn::ScheduleAttr::get(&getContext(), fitted.tileM, fitted.tileN, fitted.warps, fitted.stages, fitted.transposed,
                                   op.hasRowMax() ? 1 : fitted.split, fitted.packHeads);
  }
};

} // namespace
