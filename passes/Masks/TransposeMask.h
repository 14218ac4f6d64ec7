// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Expansion of attn.transpose: a mask with the roles of queries and keys exchanged.
#pragma once

#include "dialects/Attn/Attn.h"

namespace lacuna::attn {

/// The replacement, built before the op. Masks keep their kind where there is one for the transpose; core masks without one are left under a transpose of
/// their own, which expands once they have become atoms. Null, with an error, where the operand is not built from mask ops.
mlir::Value expandTranspose(mlir::OpBuilder &b, TransposeOp op);

} // namespace lacuna::attn
