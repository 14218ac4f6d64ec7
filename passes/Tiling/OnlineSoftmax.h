// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The online softmax on tiles (FlashAttention-2, Dao 2023, section 3.1), in base 2 with the scale folded in.
#pragma once

#include "dialects/Attn/Attn.h"
#include "passes/Tiling/MaskWalk.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace lacuna {

/// Running maximum (base-2 logits), running sum and unnormalised output of the rows of one work item.
struct SoftmaxState {
  mlir::Value max, sum, output;
};

class OnlineSoftmax {
public:
  OnlineSoftmax(attn::AttentionOp op, const WorkItem &item, const mlir::IRMapping &captures);

  SoftmaxState emitInit(mlir::ImplicitLocOpBuilder &b) const;
  /// Adds one key tile. `mask` is null when the tile is full.
  SoftmaxState emitStep(mlir::ImplicitLocOpBuilder &b, const SoftmaxState &state, mlir::Value query, mlir::Value key, mlir::Value value,
                        mlir::Value k0, const MaskWalk *mask) const;

  struct Results {
    mlir::Value output, lse, rowMax; // the last two null when not asked for
  };
  /// `sink` is the head's sink logit (f32), a tile of one per row, or null; `isShare`: results are output in f32 and LSE, whatever the op wants in the end.
  Results emitFinish(mlir::ImplicitLocOpBuilder &b, const SoftmaxState &state, mlir::Value sink, bool isShare) const;

private:
  /// Scores that still have to be multiplied by `factor` to be base-2 logits.
  mlir::Value emitScores(mlir::ImplicitLocOpBuilder &b, mlir::Value products, mlir::Value k0, const MaskWalk *mask) const;

  mutable attn::AttentionOp op; // a handle: MLIR accessors are not const
  WorkItem item;
  const mlir::IRMapping &captures;
  /// Without a score region a positive scale is folded into the exponential; otherwise scores are mapped first and the factor is 1.
  bool foldsScale;
  float factor;
  /// Weights that end in bf16 need not be exact to f32 (afn: a target may take a shorter polynomial), unless their sum is a result, too.
  mlir::arith::FastMathFlags weightPrecision = mlir::arith::FastMathFlags::none;
  mutable tile::TileType rows, scores, outputs;
};

} // namespace lacuna
