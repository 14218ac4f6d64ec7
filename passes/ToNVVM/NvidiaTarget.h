// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// sm_80 instructions behind the shared lowering: mma.sync, ldmatrix, cp.async.
#pragma once

#include "lib/GPU/GpuTarget.h"
#include "lib/GPU/RegisterTile.h"

namespace lacuna {

class NvidiaTarget : public GpuTarget {
public:
  using GpuTarget::GpuTarget;

  mlir::Value exp2(mlir::OpBuilder &, mlir::Location, mlir::Value x) const override;
  mlir::Value log2(mlir::OpBuilder &, mlir::Location, mlir::Value x) const override;
  void copyVector(mlir::OpBuilder &, mlir::Location, mlir::Value shared, mlir::Value global, mlir::Value live,
                  int64_t bytes) const override;
  void commitCopies(mlir::OpBuilder &, mlir::Location) const override;
  void waitCopies(mlir::OpBuilder &, mlir::Location, int64_t pending) const override;
  llvm::SmallVector<mlir::Value> loadFragment(mlir::OpBuilder &, mlir::Location, mlir::Value shared,
                                              tile::TileType from, tile::TileType type) const override;
  llvm::SmallVector<mlir::Value> multiply(mlir::OpBuilder &, tile::MmaOp op, mlir::ValueRange lhs, mlir::Value rhs,
                                          llvm::SmallVector<mlir::Value> acc) const override;
};

} // namespace lacuna
