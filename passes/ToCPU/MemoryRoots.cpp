// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/ToCPU/MemoryRoots.h"

#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

namespace lacuna {
namespace {

void addRoots(Value memory, llvm::SmallDenseSet<Value> &roots) {
  Operation *op = memory.getDefiningOp();
  if (auto view = dyn_cast_if_present<ViewLikeOpInterface>(op))
    return addRoots(view.getViewSource(), roots);
  if (auto select = dyn_cast_if_present<arith::SelectOp>(op))
    return addRoots(select.getTrueValue(), roots), addRoots(select.getFalseValue(), roots);
  roots.insert(isa_and_present<memref::AllocaOp>(op) ? memory : Value());
}

void addOwn(Operation *op, MemoryRoots &roots) {
  // Tile instructions say that they write somewhere, which only keeps them apart.
  if (auto load = dyn_cast<amx::TileLoadOp>(op))
    return addRoots(load.getBase(), roots.reads);
  if (auto store = dyn_cast<amx::TileStoreOp>(op))
    return addRoots(store.getBase(), roots.writes);
  if (isa<amx::TileZeroOp>(op) || op->hasTrait<OpTrait::HasRecursiveMemoryEffects>() || isMemoryEffectFree(op))
    return;
  auto effects = dyn_cast<MemoryEffectOpInterface>(op);
  SmallVector<MemoryEffects::EffectInstance> all;
  if (effects)
    effects.getEffects(all);
  roots.isKnown &= static_cast<bool>(effects);
  for (const MemoryEffects::EffectInstance &effect : all) {
    bool isRead = isa<MemoryEffects::Read>(effect.getEffect());
    if (!effect.getValue() || !isa<MemRefType>(effect.getValue().getType()))
      roots.isKnown = false;
    else
      addRoots(effect.getValue(), isRead ? roots.reads : roots.writes);
  }
}

bool meet(const llvm::SmallDenseSet<Value> &x, const llvm::SmallDenseSet<Value> &y) {
  return llvm::any_of(x, [&](Value v) { return y.contains(v); });
}

} // namespace

bool MemoryRoots::isIndependentOf(const MemoryRoots &other) const {
  return isKnown && other.isKnown && !meet(writes, other.writes) && !meet(writes, other.reads) && !meet(reads, other.writes);
}

MemoryRoots memoryRootsOf(Operation *op) {
  MemoryRoots roots;
  op->walk([&](Operation *inner) { addOwn(inner, roots); });
  return roots;
}

} // namespace lacuna
