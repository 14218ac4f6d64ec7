// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass that finds attention in upstream ops.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace lacuna {
#define GEN_PASS_DECL
#include "passes/Raise/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/Raise/Passes.h.inc"
} // namespace lacuna
