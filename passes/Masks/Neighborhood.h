// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Expansion of attn.neighborhood into atoms.
#pragma once

#include "dialects/Attn/Attn.h"

namespace lacuna::attn {

/// The hull of a row's keys as an interval (in one dimension without dilation: the mask itself), and what it leaves open as one more atom.
mlir::Value expandNeighborhood(mlir::OpBuilder &b, NeighborhoodOp op);

} // namespace lacuna::attn
