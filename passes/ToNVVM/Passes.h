// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declaration of convert-tile-to-nvvm.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace lacuna {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/ToNVVM/ToNVVMPasses.h.inc"
} // namespace lacuna
