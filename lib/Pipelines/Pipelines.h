// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One pipeline per target, each a short function that lists its passes in order.
#pragma once

#include "lib/Target/Target.h"

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace lacuna {

/// tile.kernel → functions on vectors (upstream dialects only), for a module whose `tile.target` is a CPU.
void buildCpuPipeline(mlir::OpPassManager &pm);

} // namespace lacuna
