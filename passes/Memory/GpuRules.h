// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the memory passes do with one kernel on a GPU.
#pragma once

#include "lib/Support/KernelTarget.h"

namespace lacuna {

/// A buffer of shared memory and the loads that fill it: loads from one source in the bodies of one visit share it.
struct SharedBuffer {
  llvm::SmallVector<tile::LoadOp> loads;
  tile::VisitOp visit; // null outside of visits
  int64_t stages;
  int64_t offset; // of the first stage

  tile::TileType getTile() { return llvm::cast<tile::TileType>(loads.front().getType()); }
};

/// Shared memory of a kernel: its buffers, and `scratchBytes` at offset 0 through which warps exchange reductions.
struct SharedPlan {
  llvm::SmallVector<SharedBuffer> buffers;
  int64_t scratchBytes = 0;
  int64_t totalBytes = 0;
};

/// Lays out the buffers of all loads whose tiles live in shared memory.
SharedPlan planShared(tile::KernelOp kernel, const TargetDescription &target, attn::ScheduleAttr schedule);

/// Layout of a tile of `shape` in shared memory.
tile::SwizzleAttr swizzleOf(tile::TileType tile, const TargetDescription &target);

mlir::LogicalResult assignMemoryGpu(tile::KernelOp kernel, const TargetDescription &target);
mlir::LogicalResult pipelineGpu(tile::KernelOp kernel, const TargetDescription &target);
mlir::LogicalResult assignLayoutsGpu(tile::KernelOp kernel, const TargetDescription &target);

} // namespace lacuna
