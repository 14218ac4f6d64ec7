// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls that let the emulator check each access to global or shared memory before it happens.
#pragma once

#include "passes/Emulation/EmulatedCalls.h"

#include "mlir/Interfaces/DataLayoutInterfaces.h"

namespace lacuna {

/// Emits the check of `op` before it, if it accesses memory that may be global or shared. Fails with a diagnostic on
/// accesses that cannot be checked. memcpy and memset are not meant: the emulator executes them.
mlir::LogicalResult emitMemoryCheck(mlir::Operation *op, EmulatedCalls &calls, const mlir::DataLayout &layout);

/// The alignment of a type in GPU memory: its size, for vectors too. (MLIR's default layout gives i64 four bytes.)
uint64_t getGpuAlignment(mlir::Type type, const mlir::DataLayout &layout);

} // namespace lacuna
