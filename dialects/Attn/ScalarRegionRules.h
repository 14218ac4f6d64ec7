// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the regions of atoms may hold; shared by the verifiers of the dialect, not for others.
#pragma once

#include "mlir/IR/Operation.h"

namespace lacuna::attn {

/// Checks the region of an atom: one block with `numIndices` index arguments, straight-line scalar ops, yields `numYields` values of type `yielded`.
mlir::LogicalResult verifyScalarRegion(mlir::Operation *op, mlir::Region &region, llvm::StringRef arguments, unsigned numIndices, unsigned numYields,
                                       mlir::Type yielded);

} // namespace lacuna::attn
