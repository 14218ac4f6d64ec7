// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One query tile by several work items: each visits a contiguous share of its key tiles, and the states of all shares are merged in order. Shares follow from
// the mask and the schedule alone, so results do not depend on how many threads there are.
#pragma once

#include "dialects/Attn/Attn.h"
#include "passes/Tiling/MaskWalk.h"

namespace lacuna {

/// Leaves the part of the walk's tiles that share number `share` of `shares` visits.
void restrictToShare(mlir::ImplicitLocOpBuilder &b, MaskWalk &walk, mlir::Value share, int64_t shares);

/// Outputs of a split kernel: output and LSE of every share, in f32, shares first.
llvm::SmallVector<mlir::Value> createShares(mlir::ImplicitLocOpBuilder &b, attn::AttentionOp op, int64_t shares);

/// The results of `op` from what the kernel wrote into createShares.
llvm::SmallVector<mlir::Value> mergeShares(mlir::ImplicitLocOpBuilder &b, attn::AttentionOp op, mlir::ValueRange written, int64_t shares);

} // namespace lacuna
