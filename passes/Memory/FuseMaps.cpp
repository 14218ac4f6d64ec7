// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile-fuse-maps: one pass over a score tile where the softmax as written makes three (exponential, sum, rounding), and one over the accumulator where it makes two
// (scaling, adding). A CPU's matter: on a GPU tiles are in registers already. Each rewrite leaves the same operations in the same order per element, but that a
// scaled accumulator is added without a rounding between.
#include "lib/Support/KernelTarget.h"
#include "passes/Memory/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"

namespace lacuna {
#define GEN_PASS_DEF_TILEFUSEMAPS
#include "passes/Memory/MemoryPasses.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;
using tile::TileType;

namespace {

/// What can be computed while a map's only result is at hand.
struct Fusion {
  SmallVector<tile::ReduceOp> reductions;
  tile::ConvertOp rounding; // takes the place of the result; null where somebody else reads it
};

bool hasQueriesInLanes(TileType type) {
  auto lanes = dyn_cast_or_null<tile::LanesAttr>(type.getLayout());
  return type.getRank() == 2 && type.getSpace() == tile::Space::Scratch && lanes && lanes.getAxis() == 0;
}

bool hasPairs(TileType type) { return isa_and_nonnull<tile::PairsAttr>(type.getLayout()); }

bool isRounding(tile::ConvertOp convert) {
  TileType from = convert.getTile().getType(), to = convert.getResult().getType();
  return hasPairs(to) && from.getElementType().isF32() && to.getElementType().isBF16();
}

Fusion analyse(tile::MapOp map) {
  Fusion fusion;
  if (map.getNumResults() != 1 || !hasQueriesInLanes(cast<TileType>(map.getResult(0).getType())))
    return fusion;
  bool onlyRounded = true;
  for (Operation *user : map.getResult(0).getUsers()) {
    auto reduce = dyn_cast<tile::ReduceOp>(user);
    auto convert = dyn_cast<tile::ConvertOp>(user);
    bool isHere = user->getBlock() == map->getBlock();
    if (reduce && isHere && reduce.getAxis() == 1)
      fusion.reductions.push_back(reduce);
    else if (convert && isHere && isRounding(convert) && !fusion.rounding)
      fusion.rounding = convert;
    else
      onlyRounded = false;
  }
  // Users come in reverse order of creation; results in the order of the text.
  llvm::sort(fusion.reductions, [](tile::ReduceOp a, tile::ReduceOp b) { return a->isBeforeInBlock(b); });
  if (!onlyRounded)
    fusion.rounding = {};
  return fusion;
}

/// The fused map: the old region, its value rounded if wanted, and once more for every reduction.
void rewrite(tile::MapOp map, const Fusion &fusion) {
  OpBuilder b(map);
  SmallVector<Type> types{fusion.rounding ? tile::ConvertOp(fusion.rounding).getResult().getType() : map.getResult(0).getType()};
  SmallVector<int32_t> reductions{tile::MapOp::kNotReduced};
  for (tile::ReduceOp reduce : fusion.reductions) {
    types.push_back(reduce.getResult().getType());
    reductions.push_back(static_cast<int32_t>(reduce.getKind()));
  }
  SmallVector<tile::Broadcast> broadcast;
  for (unsigned i = 0; i < map.getInputs().size(); ++i)
    broadcast.push_back(map.getBroadcastOf(i));
  auto fused = tile::MapOp::create(b, map.getLoc(), types, map.getInputs(), broadcast, [&](OpBuilder &inner, Location loc, ValueRange arguments) {
    IRMapping values;
    values.map(map.getBody().getArguments(), arguments);
    for (Operation &op : map.getBody().front().without_terminator())
      inner.clone(op, values);
    Value x = values.lookupOrDefault(map.getBody().front().getTerminator()->getOperand(0));
    SmallVector<Value> yielded(types.size(), x);
    if (fusion.rounding)
      yielded[0] = arith::TruncFOp::create(inner, loc, inner.getBF16Type(), x);
    tile::YieldOp::create(inner, loc, yielded);
  });
  if (!fusion.reductions.empty())
    fused.setReductionsAttr(b.getDenseI32ArrayAttr(reductions));
  Value result = fusion.rounding ? tile::ConvertOp(fusion.rounding).getResult() : map.getResult(0);
  result.replaceAllUsesWith(fused.getResult(0));
  for (auto [i, reduce] : llvm::enumerate(fusion.reductions)) {
    tile::ReduceOp(reduce).getResult().replaceAllUsesWith(fused.getResult(i + 1));
    tile::ReduceOp(reduce).erase();
  }
  if (fusion.rounding)
    tile::ConvertOp(fusion.rounding).erase();
  map.erase();
}

/// Whether the map's first operand, elementwise, times its second, by row, is all that it computes.
bool multipliesRows(tile::MapOp map) {
  if (map.getInputs().size() != 2 || map.getNumResults() != 1 || map.getBroadcastOf(0) != tile::Broadcast::None || map.getBroadcastOf(1) != tile::Broadcast::Rows)
    return false;
  Block &body = map.getBody().front();
  auto product = body.getTerminator()->getOperand(0).getDefiningOp<arith::MulFOp>();
  return product && body.getOperations().size() == 2 && product.getLhs() == body.getArgument(0) && product.getRhs() == body.getArgument(1);
}

/// A tile unit takes pairs on the left and rows on the right.
bool isForTileUnit(tile::MmaOp product) { return hasPairs(product.getLhs().getType()) && !hasPairs(product.getRhs().getType()); }

void scaleAccumulator(tile::MmaOp product) {
  auto map = product.getAcc() ? product.getAcc().getDefiningOp<tile::MapOp>() : tile::MapOp();
  if (!map || product.getAccScale() || !map->hasOneUse() || map->getBlock() != product->getBlock() || !hasQueriesInLanes(product.getResult().getType()) ||
      isForTileUnit(product) || !multipliesRows(map))
    return;
  product.getAccMutable().assign(map.getInputs()[0]);
  product.getAccScaleMutable().assign(map.getInputs()[1]);
  map.erase();
}

struct TileFuseMaps final : lacuna::impl::TileFuseMapsBase<TileFuseMaps> {
  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<tile::KernelOp>()) {
      const TargetDescription *target = targetOf(kernel);
      if (!target)
        return signalPassFailure();
      if (target->kind != TargetKind::Cpu)
        continue;
      SmallVector<tile::MapOp> maps;
      kernel.walk([&](tile::MapOp map) { maps.push_back(map); });
      for (tile::MapOp map : maps)
        if (Fusion fusion = analyse(map); fusion.rounding || !fusion.reductions.empty())
          rewrite(map, fusion);
      kernel.walk(scaleAccumulator);
    }
  }
};

} // namespace
