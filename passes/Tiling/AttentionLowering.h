// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What becomes of one attention op: the operands of its launch, and the kernel that takes them.
#pragma once

#include "passes/Tiling/RowStorage.h"

namespace lacuna {

/// Everything about one lowering: operands of the launch, and their places in the kernel.
struct AttentionLowering {
  explicit AttentionLowering(attn::AttentionOp op);

  std::array<RowStorage *, 4> storages() { return {&query, &key, &value, &output}; }
  /// Q, K, V, sink logits, captures, tables of rows: the kernel's parameters before the outputs.
  llvm::SmallVector<mlir::Value> inputs();
  /// The same storages by the kernel's arguments.
  void enter(mlir::ValueRange arguments);

  attn::AttentionOp op;
  llvm::SmallVector<mlir::Value> captures; ///< values that mask and score region use
  attn::ScheduleAttr schedule;
  int64_t group = 1;                    ///< query heads whose rows share a tile
  RowStorage query, key, value, output; ///< on the host
  attn::ScatterRowsOp scatter;          ///< of the output, if the kernel does it
};

/// Fills the body of `kernel`, whose parameters are `lowering.inputs()` and the outputs. `lowering` has its storages in the kernel afterwards.
void buildKernel(AttentionLowering &lowering, tile::KernelOp kernel);

} // namespace lacuna
