// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Element types: names as in MLIR, sizes, and how a scalar becomes the bits of a parameter slot.
#ifndef LACUNA_RUNTIME_DTYPE_H
#define LACUNA_RUNTIME_DTYPE_H

#include "lacuna/Runtime.h"

#include <cstdint>
#include <optional>
#include <string>

namespace lacuna::runtime {

/// The type called `name` ("bf16"), if there is one.
std::optional<lacunaDType> parseDType(const std::string &name);

/// The name for messages: "bf16", or "dtype 77" for a number that is no type.
std::string dtypeName(lacunaDType dtype);

bool isFloat(lacunaDType dtype);

/// `index` and `i64` are the same 8 bytes.
bool sameDType(lacunaDType a, lacunaDType b);

/// Whether `value` is in the range of the integer type `dtype` (i1: 0 or 1).
bool fitsInteger(lacunaDType dtype, int64_t value);

/// Bits of `value` rounded to the float type `dtype` (nearest, ties to even), in the low bytes.
uint64_t floatBits(lacunaDType dtype, double value);

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_DTYPE_H
