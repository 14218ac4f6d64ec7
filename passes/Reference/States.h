// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The reference lowering of states and gated sums.
#pragma once

#include "mlir/IR/BuiltinOps.h"

namespace lacuna {

/// Replaces every op on states, and attn.gate_sum, by loops in f64. States are made by attn.make_state.
mlir::LogicalResult lowerStatesToReference(mlir::ModuleOp module);

} // namespace lacuna
