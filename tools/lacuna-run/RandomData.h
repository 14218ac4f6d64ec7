// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Data of the generators randn, rand, randint, zeros, ones and arange. Element i depends on the seed and i alone, never on
// shape, threads or machine; test/Execute/inputs.py is the same in NumPy, bit for bit.
//
// Random numbers: Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011) with the seed
// as key (low word first) and the counter (block low, block high, 0, 0). Block b gives 32-bit words w0 … w3 for the
// elements 4b … 4b + 3:
//   rand   element j of the block is (wj >> 8) / 2^24, in [0, 1)
//   randint  element j of the block is (wj * limit) >> 32, in [0, limit)
//   randn  Box-Muller on the pairs (w0, w1) and (w2, w3): r = sqrt(-2 ln((w + 1) / 2^32)), a = 2 pi w' / 2^32, elements
//          r cos a and r sin a. ln, cos and sin are the polynomials of RandomData.cpp in f64, in the order written
//          there and without fused multiply-adds, because math libraries differ in the last bit.
// f64 keeps the number; every other float type rounds it to f32 first, then to itself.
#ifndef LACUNA_TOOLS_RUN_RANDOMDATA_H
#define LACUNA_TOOLS_RUN_RANDOMDATA_H

#include "HostTensor.h"

#include <array>

namespace lacuna::run {

enum class Distribution { Randn, Rand, Zeros, Ones, Arange, Randint };

/// Philox4x32 with ten rounds.
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

/// The four standard normal numbers of one block.
std::array<double, 4> normalBlock(uint64_t seed, uint64_t block);

/// Fills the tensor; `limit` is that of randint. Errors: random reals for an integer tensor, integers for a float one, numbers that do not fit.
runtime::Status fill(HostTensor &tensor, Distribution distribution, uint64_t seed, int64_t limit = 0);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_RANDOMDATA_H
