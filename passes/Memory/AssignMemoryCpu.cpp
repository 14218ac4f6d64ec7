// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where tiles live on a CPU. Transposed form: K and V are read as scalars to broadcast, nothing is packed. Flat form: they are read as vectors.
#include "dialects/Attn/Attn.h"
#include "passes/Memory/CpuRules.h"

using namespace mlir;
using namespace lacuna;
using tile::Space;
using tile::TileType;

namespace {

void setSpace(Value value, Space space) {
  if (auto type = dyn_cast<TileType>(value.getType()))
    value.setType(type.withSpace(space));
}

/// A scratch copy of `value` in f32, placed before `user`.
Value widened(Value value, Operation *user, Attribute layout) {
  OpBuilder b(user);
  auto type = cast<TileType>(value.getType());
  return tile::ConvertOp::create(b, user->getLoc(), TileType::get(b.getContext(), type.getShape(), b.getF32Type(), Space::Scratch, layout), value);
}

} // namespace

bool lacuna::queriesInLanes(tile::KernelOp kernel) {
  auto schedule = kernel->getAttrOfType<attn::ScheduleAttr>(tile::TileDialect::getScheduleAttrName());
  return !schedule || schedule.getTransposed();
}

void lacuna::assignMemoryCpu(tile::KernelOp kernel) {
  SmallVector<tile::MmaOp> products;
  kernel.walk([&](Operation *op) {
    for (Value result : op->getResults())
      setSpace(result, isa<tile::LoadOp>(op) ? Space::Global : Space::Scratch);
    for (Region &region : op->getRegions())
      for (BlockArgument argument : region.getArguments())
        setSpace(argument, Space::Scratch);
    if (auto product = dyn_cast<tile::MmaOp>(op))
      products.push_back(product);
  });
  // The left operand (Q) is read again for every key tile, in f32; one copy serves all its products.
  llvm::DenseMap<Value, Value> copies;
  bool widens = queriesInLanes(kernel);
  for (tile::MmaOp product : products) {
    if (auto load = product.getLhs().getDefiningOp<tile::LoadOp>()) {
      Value &copy = copies[load.getResult()];
      if (!copy)
        copy = widened(load.getResult(), load->getNextNode(), {});
      product.getLhsMutable().assign(copy);
    }
    if (auto load = product.getRhs().getDefiningOp<tile::LoadOp>(); widens && load && !load.getType().getElementType().isF32())
      product.getRhsMutable().assign(widened(load.getResult(), product, tile::LanesAttr::get(kernel.getContext(), 1)));
  }
}
