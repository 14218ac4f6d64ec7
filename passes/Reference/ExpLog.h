// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// exp and log in f64 as arith ops: generated code must not need libm.
#pragma once

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace lacuna {

/// exp(x) for x <= 0, also -inf (0) and NaN (NaN); results below exp(-700) are 0. Error below 2 ulp.
mlir::Value emitExpOfNonPositive(mlir::ImplicitLocOpBuilder &b, mlir::Value x);

/// Natural logarithm of a positive, finite, normal x, also NaN (NaN). Error below 2 ulp of max(|log x|, ln 2).
mlir::Value emitLog(mlir::ImplicitLocOpBuilder &b, mlir::Value x);

} // namespace lacuna
