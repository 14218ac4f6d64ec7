// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Passes on unfinished softmax states.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace lacuna {
#define GEN_PASS_DECL
#include "passes/State/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/State/Passes.h.inc"
} // namespace lacuna
