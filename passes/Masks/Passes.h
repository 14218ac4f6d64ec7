// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Passes that bring masks into the form that every later stage reads.
#pragma once

#include "mlir/Pass/Pass.h"

namespace lacuna {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/Masks/Passes.h.inc"
} // namespace lacuna
