// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A mask as a union of terms, each an intersection of key intervals and other literals: what the closed-form walk over key tiles needs.
#pragma once

#include "dialects/Attn/Attn.h"

namespace lacuna {

/// Part of a row that an `attn.interval` contributes: its inside, or one side of its complement.
struct IntervalLiteral {
  enum Part { Inside, Below, Above };
  attn::IntervalOp op;
  Part part;
};

/// Any mask (usually `equal` or `predicate`), possibly negated: known only pair by pair and through its interval twin.
struct OpaqueLiteral {
  mlir::Value mask;
  bool negated;
};

/// The intersection of its literals; no literals at all attends everything.
struct MaskTerm {
  llvm::SmallVector<IntervalLiteral> intervals;
  llvm::SmallVector<OpaqueLiteral> opaque;

  /// Do the intervals leave out a pair that the other literals do not? Implied ones do not, where there is another literal to imply them.
  bool isBounded() const;
};

/// The union of its terms (none: attends nothing).
struct MaskNormalForm {
  llvm::SmallVector<MaskTerm> terms;
  /// True when the union of intervals says everything about a row.
  bool isIntervalOnly() const;
};

/// Normalises an expanded mask (atoms and algebra; null: all), or its complement, to at most eight terms. Parts of it that would make more become opaque literals: still
/// sound, but asked tile by tile; the intervals around them keep their closed form.
MaskNormalForm normalizeMask(mlir::Value mask, bool negated = false);

} // namespace lacuna
