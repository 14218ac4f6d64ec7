// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What differs between GPUs when tile operations become instructions. Everything else of both lowerings is shared code
// in this folder.
#pragma once

#include "dialects/Tile/Tile.h"
#include "lib/Target/Target.h"

namespace lacuna {

class GpuTarget {
public:
  GpuTarget(const TargetDescription &description, int64_t warps, std::string sharedSymbol)
      : description(description), warps(warps), sharedSymbol(std::move(sharedSymbol)) {}
  virtual ~GpuTarget() = default;

  const TargetDescription &description;
  const int64_t warps;
  const std::string sharedSymbol; // of the kernel's shared memory
  int64_t warpSize() const { return description.warpSize; }
  int64_t threads() const { return warps * warpSize(); }

  /// 2^x and log2(x) of an f32.
  virtual mlir::Value exp2(mlir::OpBuilder &, mlir::Location, mlir::Value x) const = 0;
  virtual mlir::Value log2(mlir::OpBuilder &, mlir::Location, mlir::Value x) const = 0;

  /// Copies one vector of `bytes` from global to shared memory, or writes zeros where `live` (an i1, or null: always)
  /// is false. May be asynchronous.
  virtual void copyVector(mlir::OpBuilder &, mlir::Location, mlir::Value shared, mlir::Value global, mlir::Value live,
                          int64_t bytes) const = 0;
  /// Ends the group of copies that one tile.copy started.
  virtual void commitCopies(mlir::OpBuilder &, mlir::Location) const {}
  /// Waits until at most `pending` groups of this thread are in flight.
  virtual void waitCopies(mlir::OpBuilder &, mlir::Location, int64_t pending) const {}

  /// Registers (see RegisterTile.h) of a shared tile in the layout of `type`.
  virtual llvm::SmallVector<mlir::Value> loadFragment(mlir::OpBuilder &, mlir::Location, mlir::Value shared,
                                                      tile::TileType from, tile::TileType type) const = 0;
  /// Registers of acc + lhs · rhs (rhs transposed if `transposeRhs`).
  virtual llvm::SmallVector<mlir::Value> multiply(mlir::OpBuilder &, tile::MmaOp op, mlir::ValueRange lhs,
                                                  mlir::Value rhs, llvm::SmallVector<mlir::Value> acc) const = 0;
};

} // namespace lacuna
