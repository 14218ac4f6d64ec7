// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What attn-expand-masks guarantees about the scalar ops in the regions of atoms and scores.
#pragma once

#include "mlir/Support/LLVM.h"

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace lacuna::attn {

/// In every region of an atom or a score: affine.apply becomes arith, and integer divisors become at least 1. Fails on
/// a constant divisor below 1. In every frame of a block mask: lengths become 2^31 - 1 at most, the first key 2^62 in magnitude.
/// In the regions of masks: no op without a use; a table read counts where its value does.
mlir::LogicalResult applyRegionRules(mlir::ModuleOp module);

} // namespace lacuna::attn
