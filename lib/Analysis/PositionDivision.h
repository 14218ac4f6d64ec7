// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Divisions of positions, cheaper where more is known of them than their ops say.
#pragma once

#include "lib/Analysis/ScalarRegion.h"

namespace lacuna {

/// The result of a division of a region that is evaluated at `at`; null for other ops, and where nothing is known that helps.
mlir::Value emitCheapDivision(mlir::ImplicitLocOpBuilder &b, mlir::Operation &op, const mlir::IRMapping &mapping, const Coordinates &at);

} // namespace lacuna
