// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The operations themselves, without waiting: what one thread, or the lanes of a warp that have met, compute.
#ifndef LACUNA_RUNTIME_EMULATOR_OPERATIONS_H
#define LACUNA_RUNTIME_EMULATOR_OPERATIONS_H

#include "runtime/emulator/Block.h"

namespace lacuna::emulator {

/// Registers, pointers and functions of one thread.
void runThreadOperation(const Block &block, Thread &thread);

/// An operation of the lanes that are not null. False after a fault.
bool runWarpOperation(Block &block, Lanes &lanes, Operation operation);

/// Matrix instructions; all lanes are there, unless the block ends within the warp.
bool runLdmatrix(Block &block, Lanes &lanes);
bool runMma(Block &block, Lanes &lanes);

} // namespace lacuna::emulator

#endif // LACUNA_RUNTIME_EMULATOR_OPERATIONS_H
