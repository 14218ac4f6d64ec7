// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Partial tiles compute only the keys that the hull of their tile.visit touches and its test does not rule out: of scores, what follows from them element by element, and the
// depth of P·V.
// One range for all of them, so that what was left out is never read.
#include "passes/ToCPU/CpuLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace lacuna {

/// Keys of a register block: bounds are multiples of it.
constexpr int64_t kGranule = 8;

/// What bounds are multiples of: a register block, or a unit of the tile unit where that computes one of the products. 0: a product cannot leave keys out.
int64_t CpuLowering::trimGranule(tile::VisitOp op) {
  int64_t granule = op.getHulls().empty() && !op.givesKeys() ? 0 : kGranule;
  for (auto product : op.getPartialBody().getOps<tile::MmaOp>()) {
    tile::TileType lhs = product.getLhs().getType(), result = product.getResult().getType();
    if (lanesAxis(result) != 0) // flat
      return 0;
    if (hasPairs(lhs) && target.matrix.fills(result.getShape()[1], result.getShape()[0], lhs.getShape()[1]))
      granule = granule ? 2 * target.matrix.m : 0;
  }
  return granule && op.getStep() % granule == 0 ? granule : 0;
}

/// The keys of the tile at `k0` that a hull touches and that `tested` (begin, end; or none) does not rule out, in whole granules.
std::optional<KeyRange> CpuLowering::keyRangeOf(tile::VisitOp op, Value k0, ValueRange tested) {
  int64_t granule = trimGranule(op);
  if (!granule)
    return std::nullopt;
  Value zero = constant(0), size = constant(op.getStep()), begin = op.getHulls().empty() ? zero : size, end = op.getHulls().empty() ? size : zero;
  for (size_t i = 0; i < op.getHulls().size(); i += 2) {
    Value low = arith::MaxSIOp::create(b, arith::SubIOp::create(b, scalar(op.getHulls()[i]), k0), zero);
    Value high = arith::MinSIOp::create(b, arith::SubIOp::create(b, scalar(op.getHulls()[i + 1]), k0), size);
    Value touches = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, low, high);
    begin = arith::SelectOp::create(b, touches, arith::MinSIOp::create(b, begin, low), begin);
    end = arith::SelectOp::create(b, touches, arith::MaxSIOp::create(b, end, high), end);
  }
  if (!tested.empty()) {
    begin = arith::MaxSIOp::create(b, begin, tested[0]);
    end = arith::MinSIOp::create(b, end, tested[1]);
  }
  Value mask = constant(-granule);
  end = arith::AndIOp::create(b, arith::AddIOp::create(b, end, constant(granule - 1)), mask);
  return KeyRange{arith::AndIOp::create(b, begin, mask), end, {}};
}

/// Scores are products with Kᵀ; what is computed from them element by element has keys along the same axis.
void CpuLowering::passKeyRange(Operation &op) {
  if (!keyRange)
    return;
  auto product = dyn_cast<tile::MmaOp>(op);
  bool isFromScores = isa<tile::MapOp, tile::ConvertOp>(op) && llvm::any_of(op.getOperands(), [&](Value v) { return keyRange->tiles.contains(v); });
  if (!isFromScores && !(product && product.getTransposeRhs()))
    return;
  for (Value result : op.getResults())
    if (cast<tile::TileType>(result.getType()).getRank() == 2)
      keyRange->tiles.insert(result);
}

std::pair<Value, Value> CpuLowering::columnsOf(Value tile) {
  if (keyRange && keyRange->tiles.contains(tile))
    return {keyRange->begin, keyRange->end};
  return {constant(0), constant(cast<tile::TileType>(tile.getType()).getShape()[1])};
}

} // namespace lacuna
