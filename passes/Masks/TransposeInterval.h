// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An interval of queries for each key, as an interval of keys for each query. Not the transposes of other masks: TransposeMask.h.
#pragma once

#include "dialects/Attn/Attn.h"

#include "mlir/IR/IRMapping.h"

namespace lacuna::attn {

/// Copies a scalar op of an atom to where queries and keys have exchanged their roles: the lengths are exchanged.
void cloneExchanged(mlir::OpBuilder &b, mlir::Operation &op, mlir::IRMapping &mapping);

/// The transpose of an interval whose ends are sums, differences, minima (of high ends) and maxima (of low ends) of the query and of scalars that no query
/// changes, or quotients and products of those with such scalars (chunks, blocks): another interval. Null where it may be none, or where 64 bits may wrap.
mlir::Value transposeToInterval(mlir::OpBuilder &b, IntervalOp op);

} // namespace lacuna::attn
