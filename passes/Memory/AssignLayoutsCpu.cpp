// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which axis of a scratch tile is contiguous on a CPU.
#include "passes/Memory/CpuRules.h"

using namespace mlir;
using namespace lacuna;
using tile::TileType;

void lacuna::assignLayoutsCpu(tile::KernelOp kernel) {
  Attribute lanes = tile::LanesAttr::get(kernel.getContext(), queriesInLanes(kernel) ? 0 : 1);
  auto assign = [&](Value value) {
    auto type = dyn_cast<TileType>(value.getType());
    if (type && type.getRank() == 2 && type.getSpace() == tile::Space::Scratch && !type.getLayout())
      value.setType(type.withLayout(lanes));
  };
  kernel.walk([&](Operation *op) {
    llvm::for_each(op->getResults(), assign);
    for (Region &region : op->getRegions())
      llvm::for_each(region.getArguments(), assign);
  });
}
