// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the compiler knows about a chip. Outside this folder nobody asks for a chip's name: passes ask for these numbers.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace lacuna {

enum class TargetKind { Cpu, Nvidia, Amd };

/// One matrix instruction: D[m x n] += A[m x k] · B[k x n], f32 accumulation. On a CPU m = 1 is a dot product of pairs per lane; no m, none.
struct MatrixInstruction {
  int64_t m, n, k;

  /// CPU: whether a product can be cut into units of 2 x 2 accumulators of a tile unit (AMX).
  bool fills(int64_t rows, int64_t columns, int64_t depth) const {
    return m > 1 && rows % (2 * m) == 0 && columns % (2 * n) == 0 && depth % k == 0;
  }
};

/// A chip. Sizes are bytes unless said otherwise; 0 means "has none".
struct TargetDescription {
  llvm::StringRef name; // as in --target
  TargetKind kind;
  llvm::StringRef triple;   // LLVM's
  llvm::StringRef cpu;      // LLVM's -mcpu
  llvm::StringRef features; // LLVM's -mattr
  int64_t vectorBytes;      // CPU: one vector register
  int64_t vectorRegisters;  // CPU: how many of them
  int64_t warpSize;         // GPU: threads in lockstep
  int64_t sharedBytes;      // GPU: shared memory (LDS) of one block
  int64_t registersPerThread;
  MatrixInstruction matrix; // GPU: for 16-bit inputs; CPU: for bf16
  /// /proc/cpuinfo flags (CPU) or the chip itself (GPU) that a machine must have to run the code.
  llvm::ArrayRef<llvm::StringRef> requirements;
};

/// The description of a chip by name, or null.
const TargetDescription *lookupTarget(llvm::StringRef name);

/// All chips, best CPU first.
llvm::ArrayRef<TargetDescription> allTargets();

/// Name of the best CPU target this machine runs (`native`).
llvm::StringRef nativeTarget();

/// "x86-64-v4, x86-64-v3, …" for diagnostics.
std::string targetNames();

} // namespace lacuna
