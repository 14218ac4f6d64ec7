// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which operation of the emulator each GPU op is, and with which arguments: the one place to add an op on the
// compiler's side.
#pragma once

#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/Operation.h"
#include "runtime/emulator/EmulatorAbi.h"

#include <optional>

namespace lacuna {

/// An operation number and its arguments in slot order: constants of the instruction (i64 attributes) and SSA values.
struct EmulatedOperation {
  emulator::Operation number;
  llvm::SmallVector<mlir::OpFoldResult, 8> arguments;
};

/// The emulated form of an `nvvm` op, an inline assembly, or an LLVM op that hosts implement by a library. Nothing if
/// the op needs no emulation. Failure, with a diagnostic, for a GPU op that the emulator does not know.
mlir::FailureOr<std::optional<EmulatedOperation>> getEmulatedOperation(mlir::Operation *op);

/// Fences and prefetches have no effect here: blocks run on one OS thread, in order.
bool isEmulatedByNothing(mlir::Operation *op);

} // namespace lacuna
