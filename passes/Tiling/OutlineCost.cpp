// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile-outline-cost: the counting twin of a kernel, made from the kernel's own walk.
#include "dialects/Attn/Attn.h"
#include "dialects/Tile/Tile.h"
#include "passes/Tiling/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"

namespace lacuna {
#define GEN_PASS_DEF_TILEOUTLINECOSTPASS
#include "passes/Tiling/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;

namespace {

struct Counts {
  Value full, partial;
};

/// Asks the test about every partial tile of one segment.
Counts countTested(ImplicitLocOpBuilder &b, tile::VisitOp visit, Value start, Value length, Counts counts) {
  Value zero = arith::ConstantIndexOp::create(b, 0), one = arith::ConstantIndexOp::create(b, 1);
  auto body = [&](OpBuilder &inner, Location loc, Value i, ValueRange carried) {
    ImplicitLocOpBuilder at(loc, inner);
    Value step = arith::ConstantIndexOp::create(at, visit.getStep());
    IRMapping mapping;
    Block &test = visit.getTest().front();
    mapping.map(test.getArgument(0), arith::MulIOp::create(at, arith::AddIOp::create(at, start, i), step));
    for (Operation &op : test.without_terminator())
      at.clone(op, mapping);
    Value any = mapping.lookupOrDefault(test.getTerminator()->getOperand(0)), all = mapping.lookupOrDefault(test.getTerminator()->getOperand(1));
    auto next = [&](Value count, Value yes) { return arith::SelectOp::create(at, yes, arith::AddIOp::create(at, count, one), count).getResult(); };
    Value no = arith::XOrIOp::create(at, all, arith::ConstantOp::create(at, at.getBoolAttr(true)));
    scf::YieldOp::create(at, ValueRange{next(carried[0], arith::AndIOp::create(at, any, all)), next(carried[1], arith::AndIOp::create(at, any, no))});
  };
  auto loop = scf::ForOp::create(b, zero, length, one, ValueRange{counts.full, counts.partial}, body);
  return {loop.getResult(0), loop.getResult(1)};
}

/// The same for several segments. One loop over them, so that the test is there once: there are as many segments as the mask has ends, and the test asks all of it.
Counts countTested(ImplicitLocOpBuilder &b, tile::VisitOp visit, ArrayRef<std::pair<Value, Value>> segments, Counts counts) {
  if (segments.size() == 1)
    return countTested(b, visit, segments[0].first, segments[0].second, counts);
  if (segments.empty())
    return counts;
  auto body = [&](OpBuilder &inner, Location loc, Value number, ValueRange carried) {
    ImplicitLocOpBuilder at(loc, inner);
    auto [start, length] = segments[0];
    for (auto [i, segment] : llvm::enumerate(segments.drop_front())) {
      Value isThis = arith::CmpIOp::create(at, arith::CmpIPredicate::eq, number, arith::ConstantIndexOp::create(at, i + 1));
      start = arith::SelectOp::create(at, isThis, segment.first, start), length = arith::SelectOp::create(at, isThis, segment.second, length);
    }
    Counts sum = countTested(at, visit, start, length, {carried[0], carried[1]});
    scf::YieldOp::create(at, ValueRange{sum.full, sum.partial});
  };
  Value zero = arith::ConstantIndexOp::create(b, 0), one = arith::ConstantIndexOp::create(b, 1), end = arith::ConstantIndexOp::create(b, segments.size());
  auto loop = scf::ForOp::create(b, zero, end, one, ValueRange{counts.full, counts.partial}, body);
  return {loop.getResult(0), loop.getResult(1)};
}

Counts countVisited(ImplicitLocOpBuilder &b, tile::VisitOp visit) {
  Counts counts{arith::ConstantIndexOp::create(b, 0), arith::ConstantIndexOp::create(b, 0)};
  SmallVector<std::pair<Value, Value>> tested;
  for (auto [start, partial, full] : llvm::zip(visit.getStarts(), visit.getPartial(), visit.getFull())) {
    counts.full = b.createOrFold<arith::AddIOp>(counts.full, full);
    if (visit.getTest().empty())
      counts.partial = b.createOrFold<arith::AddIOp>(counts.partial, partial);
    else if (getConstantIntValue(partial) != 0)
      tested.emplace_back(start, partial);
  }
  return countTested(b, visit, tested, counts);
}

/// Of `all` tiles of a row, those that the item's share of the row stands for: shares add up to all.
Value shareOf(ImplicitLocOpBuilder &b, tile::KernelOp kernel, Value all) {
  auto schedule = kernel->getAttrOfType<attn::ScheduleAttr>(tile::TileDialect::getScheduleAttrName());
  if (!schedule || schedule.getSplit() == 1)
    return all;
  Value shares = arith::ConstantIndexOp::create(b, schedule.getSplit()), one = arith::ConstantIndexOp::create(b, 1);
  Value item = kernel.getBody().getArguments().take_back(tile::KernelOp::kNumItemArguments).front();
  Value share = arith::RemUIOp::create(b, item, shares), next = arith::AddIOp::create(b, share, one);
  auto boundary = [&](Value number) { return arith::DivUIOp::create(b, arith::MulIOp::create(b, all, number), shares).getResult(); };
  return arith::SubIOp::create(b, boundary(next), boundary(share));
}

/// Tiles along the axis, visited or not: the extent is the limit of the loads that the visit makes.
Value countAll(ImplicitLocOpBuilder &b, tile::VisitOp visit) {
  for (auto load : visit.getFullBody().getOps<tile::LoadOp>())
    if (load.getFirst() == visit.getFullBody().getArgument(0) && load.getLimit().getParentRegion() == visit->getParentRegion())
      return b.createOrFold<arith::CeilDivUIOp>(load.getLimit(), arith::ConstantIndexOp::create(b, visit.getStep()));
  return {};
}

LogicalResult outline(tile::KernelOp kernel) {
  OpBuilder after(kernel->getContext());
  after.setInsertionPointAfter(kernel);
  auto twin = cast<tile::KernelOp>(after.clone(*kernel));
  twin.setName((kernel.getName() + ".cost").str());
  Type index = after.getIndexType();
  twin.setFunctionType(after.getFunctionType(kernel.getArgumentTypes(), {index, index, index}));
  Block &block = twin.getBody().front();
  auto visits = block.getOps<tile::VisitOp>();
  if (!llvm::hasSingleElement(visits))
    return kernel.emitOpError("expects one tile.visit");
  tile::VisitOp visit = *visits.begin();
  while (&block.back() != visit) // what follows only uses up the visit's results
    block.back().erase();
  ImplicitLocOpBuilder b(visit.getLoc(), visit);
  Counts counts = countVisited(b, visit);
  Value all = countAll(b, visit);
  if (!all)
    return visit.emitOpError("expects a full body that loads the rows it is given");
  tile::ReturnOp::create(b, ValueRange{counts.full, counts.partial, shareOf(b, twin, all)});
  visit.erase();
  IRRewriter rewriter(kernel->getContext());
  (void)runRegionDCE(rewriter, twin.getBody());
  return success();
}

struct TileOutlineCost final : lacuna::impl::TileOutlineCostPassBase<TileOutlineCost> {
  void runOnOperation() override {
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<tile::KernelOp>()))
      if (kernel.getResultTypes().empty() && failed(outline(kernel)))
        return signalPassFailure();
  }
};

} // namespace
