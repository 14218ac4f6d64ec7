// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How tiles look after lowering. A register tile is a list of SSA values per thread: one scalar per register of its
// layout, except that rank-2 tiles of 16-bit floats come packed, `columns.inner` consecutive columns in one vector, as
// matrix instructions take them. A shared tile and a ring are pointers to shared memory.
#pragma once

#include "lib/GPU/Build.h"
#include "lib/GPU/GpuTarget.h"

#include "mlir/Transforms/DialectConversion.h"

namespace lacuna {

/// Converts tile and ring types as described above; other types stay.
struct GpuTypeConverter : mlir::TypeConverter {
  GpuTypeConverter();
};

/// Elements per packed register, or 1.
int64_t packingOf(tile::TileType type);

/// One scalar per register of the layout, and back.
llvm::SmallVector<mlir::Value> unpack(const Build &build, tile::TileType type, mlir::ValueRange registers);
llvm::SmallVector<mlir::Value> pack(const Build &build, tile::TileType type, llvm::ArrayRef<mlir::Value> scalars);

/// The positions (index values) along an axis that this thread holds, by register.
llvm::SmallVector<mlir::Value> positions(const Build &build, tile::SpreadAttr spread, const ThreadIds &ids);

/// Start of the block's shared memory.
mlir::Value sharedMemory(const Build &build, const GpuTarget &target);

/// Offset in elements (i32) of element (row, column) of a swizzled shared tile.
mlir::Value swizzledOffset(const Build &build, tile::SwizzleAttr swizzle, mlir::Value row, mlir::Value column);

} // namespace lacuna
