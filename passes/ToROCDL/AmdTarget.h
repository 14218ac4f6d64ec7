// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CDNA3 instructions behind the shared lowering: MFMA, LDS reads and writes.
#pragma once

#include "lib/GPU/GpuTarget.h"
#include "lib/GPU/RegisterTile.h"

namespace lacuna {

class AmdTarget : public GpuTarget {
public:
  using GpuTarget::GpuTarget;

  mlir::Value exp2(mlir::OpBuilder &, mlir::Location, mlir::Value x) const override;
  mlir::Value log2(mlir::OpBuilder &, mlir::Location, mlir::Value x) const override;
  void copyVector(mlir::OpBuilder &, mlir::Location, mlir::Value shared, mlir::Value global, mlir::Value live,
                  int64_t bytes) const override;
  llvm::SmallVector<mlir::Value> loadFragment(mlir::OpBuilder &, mlir::Location, mlir::Value shared,
                                              tile::TileType from, tile::TileType type) const override;
  llvm::SmallVector<mlir::Value> multiply(mlir::OpBuilder &, tile::MmaOp op, mlir::ValueRange lhs, mlir::Value rhs,
                                          llvm::SmallVector<mlir::Value> acc) const override;
};

} // namespace lacuna
