// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The value of a mask at one pair, straight from the definitions. Written apart from lib/Analysis on purpose: it is the
// oracle.
#pragma once

#include "dialects/Attn/Attn.h"

namespace lacuna {

/// The coordinates of one pair and the lengths the mask is applied to.
struct Pair {
  mlir::Value batch, head, query, key, queryLength, keyLength;
  mlir::Value heads; ///< number of query heads
};

/// Scalar ops of a region with its arguments replaced.
struct InlinedRegion {
  llvm::SmallVector<mlir::Value> results;
  mlir::Value inRange; ///< i1: every lookup and segment search of the region hit; null when there are none
};

/// Copies the region of an atom or score to where `b` is. Lookups that miss read as 0.
InlinedRegion inlineRegion(mlir::ImplicitLocOpBuilder &b, mlir::Region &region, mlir::ValueRange arguments,
                           const Pair &pair);

/// The i1 value of `mask` (atoms and algebra) at `pair`; null with an error for any other mask op.
mlir::Value evaluateMask(mlir::ImplicitLocOpBuilder &b, mlir::Value mask, const Pair &pair);

} // namespace lacuna
