// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The binary interface between emulated kernels (written by the pass `emulate-gpu`) and the emulator: two functions in
// a table and the numbers of the operations. No code here, so that the pass may include it without linking the runtime.
//
// A kernel's shared object defines `lacunaEmulator *lacuna_emulator`; the runtime sets it after dlopen.
#ifndef LACUNA_RUNTIME_EMULATOR_EMULATORABI_H
#define LACUNA_RUNTIME_EMULATOR_EMULATORABI_H

#include <cstdint>

namespace lacuna::emulator {

/// Arguments and results are arrays of 8-byte slots, little endian, value in the low bytes. The comment behind each
/// operation gives its arguments -> results; constants of the instruction (kinds, shapes) are arguments like the rest.
enum class Operation : int32_t {
  readRegister,  ///< Register -> i32
  sharedBase,    ///< -> pointer to the block's shared memory
  sharedPointer, ///< i32 or i64 shared address -> pointer (the low 18 bits are the offset)
  barrier,       ///< id, threads (0: the block), BarrierReduction, predicate -> i32 (0 without reduction)
  barrierArrive, ///< id, threads
  warpSync,      ///< mask
  shuffle,       ///< ShuffleKind, mask, value, offset, mask and clamp -> value, i1 source lane is valid
  vote,          ///< VoteKind, mask, i1 predicate -> i32
  elect,         ///< mask -> i1
  reduce,        ///< ReduceKind, mask, i32 -> i32
  ldmatrix,      ///< number of matrices, transposed?, row pointer -> one i32 per matrix
  mma,           ///< m, n, k, MmaType, A registers, B registers, C registers -> D registers (4 f32)
  cpAsync,       ///< destination, source, bytes, bytes to read (the rest becomes zero)
  cpAsyncCommit, ///<
  cpAsyncWait,   ///< number of groups that may stay pending
  math,          ///< MathFunction, f32 -> f32
  copyMemory,    ///< destination, source, bytes
  setMemory,     ///< destination, i8 value, bytes
  maskedAccess,  ///< pointer, bytes of an element, i64 bit mask, access flags
  exitThread,    ///< does not return
};

enum class Register : int32_t {
  tidX,
  tidY,
  tidZ,
  ctaidX,
  ctaidY,
  ctaidZ,
  ntidX,
  ntidY,
  ntidZ,
  nctaidX,
  nctaidY,
  nctaidZ,
  laneId,
  warpSize,
  warpId,
  warpCount,
  laneMaskEq,
  laneMaskLe,
  laneMaskLt,
  laneMaskGe,
  laneMaskGt
};
enum class BarrierReduction : int32_t { none, popc, all, any };
enum class ShuffleKind : int32_t { bfly, up, down, idx };
enum class VoteKind : int32_t { any, all, ballot, uni };
enum class ReduceKind : int32_t { add, bitAnd, bitOr, bitXor, max, min, umax, umin };
enum class MmaType : int32_t { f16, bf16, tf32 };
enum class MathFunction : int32_t { exp2, exp2Ftz, log2, log2Ftz, rcpFtz, tanh, sin, cos };

/// Flags of an access: what it does, the state space its pointer claims, log2 of the alignment it promises.
enum AccessFlags : int32_t {
  accessRead = 1,
  accessWrite = 2,
  accessAtomic = 4,
  accessSpaceShift = 8, ///< 0 generic, 1 global, 3 shared (the numbers of LLVM's address spaces)
  accessAlignShift = 16,
};

/// Shared memory starts at a multiple of this, so that low bits of an address are the offset.
constexpr int64_t sharedWindowBytes = 256 * 1024;
/// The symbol that a kernel's shared object defines.
constexpr const char *tableSymbol = "lacuna_emulator";

} // namespace lacuna::emulator

extern "C" {
/// `site` is "operation at file:line:column", a different pointer for each instruction; warp-wide instructions of the
/// `.aligned` kind compare it.
struct lacunaEmulator {
  void (*operation)(int32_t operation, const void *arguments, void *results, const char *site);
  /// Stands before each access to memory that may be global or shared.
  void (*access)(const void *address, int64_t bytes, int32_t flags, const char *site);
};
}

#endif // LACUNA_RUNTIME_EMULATOR_EMULATORABI_H
