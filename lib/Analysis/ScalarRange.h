// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ranges of the scalars in a mask's regions, known when the mask is compiled.
#pragma once

#include "mlir/IR/Value.h"
#include "mlir/Interfaces/InferIntRangeInterface.h"

namespace lacuna {

/// Ranges found so far.
using Ranges = llvm::DenseMap<mlir::Value, mlir::ConstantIntRanges>;

/// Values of a scalar; `index` is 64 bits wide. Upstream's rules for arith, and what masks know of coordinates, lengths and tables.
mlir::ConstantIntRanges rangeOf(mlir::Value value, Ranges &known);

/// Whether all values of a scalar are those of a signed integer of 32 bits.
bool fitsInt32(mlir::Value value, Ranges &known);

} // namespace lacuna
