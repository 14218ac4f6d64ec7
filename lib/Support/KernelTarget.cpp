// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads the attributes that tie a kernel to a chip and a schedule.
#include "lib/Support/KernelTarget.h"

#include "mlir/IR/BuiltinOps.h"

using namespace mlir;

namespace lacuna {

const TargetDescription *targetOf(Operation *op) {
  StringRef attribute = tile::TileDialect::getTargetAttrName();
  for (Operation *parent = op; parent; parent = parent->getParentOp()) {
    auto name = parent->getAttrOfType<StringAttr>(attribute);
    if (!name)
      continue;
    if (const TargetDescription *target = lookupTarget(name))
      return target;
    op->emitError("expects ") << attribute << " to be one of " << targetNames() << ", but got " << name;
    return nullptr;
  }
  op->emitError("expects a module with attribute ") << attribute;
  return nullptr;
}

attn::ScheduleAttr scheduleOf(tile::KernelOp kernel) {
  StringRef attribute = tile::TileDialect::getScheduleAttrName();
  auto schedule = kernel->getAttrOfType<attn::ScheduleAttr>(attribute);
  if (!schedule)
    kernel.emitOpError("expects an attribute ") << attribute << " = #attn.schedule<...>";
  return schedule;
}

} // namespace lacuna
