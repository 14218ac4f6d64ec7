// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Membership in a run-time set, straight from the op descriptions. Written apart from lib/Analysis on purpose: it is the oracle.
#pragma once

#include "passes/Reference/MaskEvaluator.h"

#include "mlir/IR/IRMapping.h"

namespace lacuna {

/// The row of a shared table: batch entry 0 where the table has one, query head h reads h * H' / Hq.
std::pair<mlir::Value, mlir::Value> sharedRow(mlir::ImplicitLocOpBuilder &b, mlir::Value table, mlir::Value batch, mlir::Value head,
                                              const Pair &pair);

/// The i1 value of attn.contains; its operands are mapped by `mapping`.
mlir::Value evaluateContains(mlir::ImplicitLocOpBuilder &b, attn::ContainsOp op, const mlir::IRMapping &mapping, const Pair &pair);

} // namespace lacuna
