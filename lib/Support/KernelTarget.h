// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The chip that a kernel is compiled for and the schedule it was tiled by, as the module and the kernel say.
#pragma once

#include "dialects/Attn/Attn.h"
#include "dialects/Tile/Tile.h"
#include "lib/Target/Target.h"

namespace lacuna {

/// The chip named by the enclosing module's `tile.target`; says what is wrong and returns null if there is none.
const TargetDescription *targetOf(mlir::Operation *op);

/// The kernel's `tile.schedule`; says so and returns null if it is absent.
attn::ScheduleAttr scheduleOf(tile::KernelOp kernel);

} // namespace lacuna
