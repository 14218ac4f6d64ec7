// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace lacuna {

/// Quotients and remainders of integers, however rounded.
inline bool isIntegerDivision(mlir::Operation *op) {
  using namespace mlir::arith;
  return mlir::isa<DivSIOp, DivUIOp, FloorDivSIOp, CeilDivSIOp, CeilDivUIOp, RemSIOp, RemUIOp>(op);
}

} // namespace lacuna
