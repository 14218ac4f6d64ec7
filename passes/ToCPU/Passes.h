// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Passes from tiles to CPU code.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace lacuna {
#define GEN_PASS_DECL
#include "passes/ToCPU/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/ToCPU/Passes.h.inc"
} // namespace lacuna
