// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A neighborhood is the product of its dimensions: one-dimensional probes of each tell everything about it, at once and for other strides too.
#pragma once

#include "tools/lacuna-mask/SpaceSimulator.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace lacuna {

/// Names of the functions of a dimension: with its own stride, with the stride of an additional last argument.
std::string axisFunction(llvm::StringRef entry, size_t dim);
std::string strideFunction(llvm::StringRef entry, size_t dim);

/// Where the first attention of `entry` has an attn.neighborhood of `rank` dimensions as its mask: adds, for each dimension, those two copies of the
/// function, in which the neighborhood of that dimension alone is the mask. False for other masks.
bool addAxisFunctions(mlir::func::FuncOp entry, size_t rank);

/// The smallest stride of one dimension by which all visited tiles are full; 0 where there is none. `function` is the probe with the stride as its last
/// argument, `arguments` are those before it. Without meaning where `budget` is spent.
int64_t smallestPerfectStride(BoundProbe::Function function, std::vector<ProbeArgumentValue> arguments, int64_t batch, int64_t head, const TiledSpace &axis,
                              WalkBudget &budget);

/// Whether the neighborhood of one dimension has exactly `extent` points.
bool hasExtent(BoundProbe::Function function, const std::vector<ProbeArgumentValue> &arguments, int64_t batch, int64_t head, int64_t extent);

} // namespace lacuna
