// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The naive twin of every kernel.
#pragma once

#include "mlir/Pass/Pass.h"

namespace lacuna {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/Reference/Passes.h.inc"
} // namespace lacuna
