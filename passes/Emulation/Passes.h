// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Passes that turn kernels for other machines into code for this one; GPU kernels run in the emulator (runtime/emulator/).
#pragma once

#include "mlir/Pass/Pass.h"

namespace lacuna {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/Emulation/Passes.h.inc"
} // namespace lacuna
