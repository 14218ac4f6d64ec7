// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cpu-interleave-products: a loop over units of a tile product (AMX) and a loop over rows of a softmax become one loop, rows between the instructions of the unit. The
// tile unit and the vector units then work at the same time; one after the other they would not, since a unit and its rows are longer than what a core looks ahead
// (decision 0012).
#include "passes/ToCPU/MemoryRoots.h"
#include "passes/ToCPU/Passes.h"

#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"

namespace lacuna {
#define GEN_PASS_DEF_CPUINTERLEAVEPRODUCTSPASS
#include "passes/ToCPU/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;

namespace {

/// Vector instructions that one unit may take of the rows, about 8 KiB of code. More (a mask with a long predicate) would leave the instruction cache.
constexpr int64_t kMostWork = 1200;
/// Instructions of an approximated function.
constexpr int64_t kFunctionWork = 8;

bool isStraight(Operation &op) { return op.getNumRegions() == 0; }

/// Units of a product: no results, the instructions of one after another.
bool isProduct(scf::ForOp loop) {
  return loop.getNumResults() == 0 && llvm::all_of(*loop.getBody(), isStraight) && !loop.getBody()->getOps<amx::TileMulFOp>().empty();
}

/// Vector instructions that become of an op; addresses cost nothing beside them.
int64_t workOf(Operation &op) {
  auto isVector = [](Type type) { return isa<VectorType>(type); };
  if (op.hasTrait<OpTrait::ConstantLike>() || (llvm::none_of(op.getOperandTypes(), isVector) && llvm::none_of(op.getResultTypes(), isVector)))
    return 0;
  return isa<math::MathDialect>(op.getDialect()) && !isa<math::FmaOp>(op) ? kFunctionWork : 1;
}

/// `for lane { before; for row { … }; after }` without further loops, over a few vectors of lanes.
struct Rows {
  scf::ForOp lanes, rows;
  SmallVector<int64_t> starts; // of the vectors
};

std::optional<Rows> matchRows(Operation &op) {
  auto lanes = dyn_cast<scf::ForOp>(op);
  if (!lanes || lanes.getNumResults())
    return std::nullopt;
  auto inner = lanes.getBody()->getOps<scf::ForOp>();
  std::optional<int64_t> low = getConstantIntValue(lanes.getLowerBound()), high = getConstantIntValue(lanes.getUpperBound());
  std::optional<int64_t> step = getConstantIntValue(lanes.getStep());
  if (!low || !high || !step || !llvm::hasSingleElement(inner))
    return std::nullopt;
  Rows result{lanes, *inner.begin(), {}};
  for (int64_t start = *low; start < *high; start += *step)
    result.starts.push_back(start);
  bool isPlain = llvm::all_of(*lanes.getBody(), [&](Operation &o) { return &o == result.rows || isStraight(o); });
  return isPlain && llvm::all_of(*result.rows.getBody(), isStraight) ? std::optional(result) : std::nullopt;
}

bool isMultiple(Value value, int64_t of) {
  if (std::optional<int64_t> known = getConstantIntValue(value))
    return *known % of == 0;
  auto masked = value.getDefiningOp<arith::AndIOp>();
  std::optional<int64_t> mask = masked ? getConstantIntValue(masked.getRhs()) : std::nullopt;
  return mask && llvm::isPowerOf2_64(of) && (*mask & (of - 1)) == 0;
}

/// One loop out of both.
class Interleaving {
public:
  Interleaving(scf::ForOp product, Rows nest) : product(product), nest(nest) {}

  /// Finds out how many rows belong to a unit; false if there is no such number.
  bool fits() {
    std::optional<APInt> units = product.getStaticTripCount(), count = nest.rows.getStaticTripCount();
    std::optional<int64_t> unitStep = product.getConstantStep() ? std::optional(product.getConstantStep()->getSExtValue()) : std::nullopt;
    std::optional<int64_t> rowStep = getConstantIntValue(nest.rows.getStep());
    if (!unitStep || !rowStep)
      return false;
    if (units && count) {
      isKnown = true;
      rows = count->getSExtValue();
      perUnit = units->isZero() ? 0 : rows / units->getSExtValue();
      rest = units->isZero() ? 0 : rows % units->getSExtValue();
    } else if (product.getLowerBound() == nest.rows.getLowerBound() && product.getUpperBound() == nest.rows.getUpperBound() &&
               isMultiple(product.getLowerBound(), *unitStep) && isMultiple(product.getUpperBound(), *unitStep)) {
      perUnit = *unitStep % *rowStep ? 0 : *unitStep / *rowStep;
    }
    return perUnit > 0 && work() <= kMostWork;
  }

  /// What the rows beside one unit cost.
  int64_t work() {
    int64_t sum = 0;
    for (Operation &op : *nest.rows.getBody())
      sum += workOf(op);
    return sum * perUnit * nest.starts.size();
  }

  void run() {
    ImplicitLocOpBuilder b(nest.lanes.getLoc(), nest.lanes);
    SmallVector<Value> inits;
    for (int64_t start : nest.starts) {
      IRMapping &values = lanes.emplace_back();
      values.map(nest.lanes.getInductionVar(), arith::ConstantIndexOp::create(b, start).getResult());
      for (Operation &op : llvm::make_range(nest.lanes.getBody()->begin(), nest.rows->getIterator()))
        b.clone(op, values);
      for (Value init : nest.rows.getInits())
        inits.push_back(values.lookupOrDefault(init));
    }
    auto loop = scf::ForOp::create(b, product.getLowerBound(), product.getUpperBound(), product.getStep(), inits);
    emitBody(loop);
    b.setInsertionPointAfter(loop);
    SmallVector<Value> carried(loop.getResults());
    for (int64_t i = 0; i < rest; ++i)
      emitRows(b, nest.rows.getLowerBound(), rows - rest + i, carried);
    for (auto [lane, values] : llvm::enumerate(lanes)) {
      values.map(nest.rows.getResults(), ArrayRef<Value>(carried).slice(lane * nest.rows.getNumResults(), nest.rows.getNumResults()));
      for (Operation &op : llvm::make_range(std::next(nest.rows->getIterator()), nest.lanes.getBody()->getTerminator()->getIterator()))
        b.clone(op, values);
    }
    nest.lanes.erase();
    product.erase();
  }

private:
  void emitBody(scf::ForOp loop) {
    ImplicitLocOpBuilder b(loop.getLoc(), loop);
    b.setInsertionPointToStart(loop.getBody());
    IRMapping unit;
    unit.map(product.getInductionVar(), loop.getInductionVar());
    for (Operation &op : product.getBody()->without_terminator())
      b.clone(op, unit);
    SmallVector<Operation *> units = llvm::map_to_vector(loop.getBody()->without_terminator(), [](Operation &op) { return &op; });
    Value row = firstRow(b, loop.getInductionVar());
    SmallVector<Value> carried(loop.getRegionIterArgs());
    for (int64_t i = 0; i < perUnit; ++i)
      emitRows(b, row, i, carried);
    SmallVector<Operation *> between;
    for (Operation *op = units.back()->getNextNode(); op && !op->hasTrait<OpTrait::IsTerminator>(); op = op->getNextNode())
      between.push_back(op);
    if (!carried.empty())
      scf::YieldOp::create(b, carried);
    weave(loop.getBody()->getTerminator(), units, between);
  }

  Value firstRow(ImplicitLocOpBuilder &b, Value unit) {
    if (!isKnown)
      return unit;
    auto constant = [&](int64_t v) { return arith::ConstantIndexOp::create(b, v).getResult(); };
    int64_t rowStep = *getConstantIntValue(nest.rows.getStep()), first = *getConstantIntValue(nest.rows.getLowerBound());
    Value number = arith::DivUIOp::create(b, arith::SubIOp::create(b, unit, product.getLowerBound()), product.getStep());
    return arith::AddIOp::create(b, arith::MulIOp::create(b, number, constant(perUnit * rowStep)), constant(first));
  }

  /// Iteration `number` of the rows of a unit, for all lanes.
  void emitRows(ImplicitLocOpBuilder &b, Value row, int64_t number, SmallVector<Value> &carried) {
    int64_t rowStep = *getConstantIntValue(nest.rows.getStep()), results = nest.rows.getNumResults();
    Value here = arith::AddIOp::create(b, row, arith::ConstantIndexOp::create(b, number * rowStep));
    for (size_t lane = 0; lane < lanes.size(); ++lane) {
      IRMapping values(lanes[lane]);
      values.map(nest.rows.getInductionVar(), here);
      MutableArrayRef<Value> mine = MutableArrayRef<Value>(carried).slice(lane * results, results);
      values.map(nest.rows.getRegionIterArgs(), ValueRange(mine));
      for (Operation &op : nest.rows.getBody()->without_terminator())
        b.clone(op, values);
      for (auto [value, next] : llvm::zip(mine, nest.rows.getBody()->getTerminator()->getOperands()))
        value = values.lookupOrDefault(next);
    }
  }

  /// After every product of two tiles its share of the rows.
  static void weave(Operation *end, ArrayRef<Operation *> units, ArrayRef<Operation *> rows) {
    int64_t products = llvm::count_if(units, llvm::IsaPred<amx::TileMulFOp>), done = 0, spent = 0, total = 0;
    for (Operation *op : rows)
      total += workOf(*op);
    for (Operation *op : units) {
      op->moveBefore(end);
      if (!isa<amx::TileMulFOp>(op))
        continue;
      for (++done; !rows.empty() && spent * products < total * done; rows = rows.drop_front()) {
        spent += workOf(*rows.front());
        rows.front()->moveBefore(end);
      }
    }
    for (Operation *op : rows)
      op->moveBefore(end);
  }

  scf::ForOp product;
  Rows nest;
  int64_t perUnit = 0, rows = 0, rest = 0; // iterations of the rows: of one unit, all of them, and what is left after the last unit
  bool isKnown = false;                    // how many rows there are
  SmallVector<IRMapping> lanes;
};

/// The heaviest rows after the product that nothing between hinders from being computed with it.
std::optional<Interleaving> findRows(scf::ForOp product) {
  MemoryRoots mine = memoryRootsOf(product);
  std::optional<Interleaving> best;
  for (Operation *op = product->getNextNode(); op && mine.isIndependentOf(memoryRootsOf(op)); op = op->getNextNode()) {
    std::optional<Rows> rows = matchRows(*op);
    if (!rows)
      continue;
    Interleaving candidate(product, *rows);
    if (candidate.fits() && (!best || best->work() < candidate.work()))
      best = candidate;
  }
  return best;
}

struct CpuInterleaveProducts final : lacuna::impl::CpuInterleaveProductsPassBase<CpuInterleaveProducts> {
  void runOnOperation() override {
    SmallVector<scf::ForOp> products;
    getOperation().walk([&](scf::ForOp loop) {
      if (isProduct(loop))
        products.push_back(loop);
    });
    for (scf::ForOp product : products)
      if (std::optional<Interleaving> rows = findRows(product))
        rows->run();
  }
};

} // namespace
