// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declaration of convert-tile-to-rocdl.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace lacuna {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/ToROCDL/ToROCDLPasses.h.inc"
} // namespace lacuna
