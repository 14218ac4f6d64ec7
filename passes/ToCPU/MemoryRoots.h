// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which buffers an op touches, for passes that change the order of loops after convert-tile-to-cpu. Tiles are stack buffers of their own there, so the buffer that
// an address belongs to decides; no subscripts are compared.
#pragma once

#include "mlir/IR/Value.h"

#include "llvm/ADT/SmallPtrSet.h"

namespace lacuna {

/// Buffers (allocas) that an op and its regions read and write. Null stands for all other memory: no buffer's address leaves its function.
struct MemoryRoots {
  llvm::SmallDenseSet<mlir::Value> reads, writes;
  bool isKnown = true;

  /// Whether the ops may be done in either order, or at the same time.
  bool isIndependentOf(const MemoryRoots &other) const;
};

MemoryRoots memoryRootsOf(mlir::Operation *op);

} // namespace lacuna
