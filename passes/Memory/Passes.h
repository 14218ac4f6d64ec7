// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declarations of the memory passes.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace lacuna {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/Memory/MemoryPasses.h.inc"
} // namespace lacuna
