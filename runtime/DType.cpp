// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One table of the element types, and rounding of doubles to f16 and bf16 (which no C++17 type offers).
#include "runtime/DType.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace lacuna::runtime;

namespace {
struct DTypeRow {
  lacunaDType dtype;
  const char *name;
  unsigned size;
};
constexpr DTypeRow dtypes[] = {
    {LACUNA_F64, "f64", 8}, {LACUNA_F32, "f32", 4},     {LACUNA_F16, "f16", 2}, {LACUNA_BF16, "bf16", 2},
    {LACUNA_I64, "i64", 8}, {LACUNA_I32, "i32", 4},     {LACUNA_I16, "i16", 2}, {LACUNA_I8, "i8", 1},
    {LACUNA_I1, "i1", 1},   {LACUNA_INDEX, "index", 8},
};

const DTypeRow *findRow(lacunaDType dtype) {
  for (const DTypeRow &row : dtypes)
    if (row.dtype == dtype)
      return &row;
  return nullptr;
}

/// Rounds to a 16-bit format straight from double: going through float would round twice.
uint64_t roundTo16(double value, int exponentBits) {
  const int mantissaBits = 15 - exponentBits;
  const int bias = (1 << (exponentBits - 1)) - 1;
  const uint64_t infinity = ((uint64_t(1) << exponentBits) - 1) << mantissaBits;
  const uint64_t sign = std::signbit(value) ? 0x8000 : 0;
  if (std::isnan(value))
    return sign | infinity | (uint64_t(1) << (mantissaBits - 1));
  if (std::isinf(value))
    return sign | infinity;
  double magnitude = std::fabs(value);
  if (magnitude == 0)
    return sign;
  // The unit in the last place of the value's binade; subnormals share that of the smallest normal.
  int exponent = std::max(std::ilogb(magnitude), 1 - bias);
  double units = std::nearbyint(std::ldexp(magnitude, mantissaBits - exponent));
  // Adding, not or-ing: a mantissa that rounds up carries into the exponent, at the end into infinity.
  uint64_t bits = (uint64_t(exponent + bias - 1) << mantissaBits) + uint64_t(units);
  return sign | (exponent > bias ? infinity : std::min(bits, infinity));
}
} // namespace

const char *lacunaDTypeName(lacunaDType dtype) {
  const DTypeRow *row = findRow(dtype);
  return row ? row->name : nullptr;
}

size_t lacunaDTypeSize(lacunaDType dtype) {
  const DTypeRow *row = findRow(dtype);
  return row ? row->size : 0;
}

std::optional<lacunaDType> lacuna::runtime::parseDType(const std::string &name) {
  for (const DTypeRow &row : dtypes)
    if (name == row.name)
      return row.dtype;
  return std::nullopt;
}

std::string lacuna::runtime::dtypeName(lacunaDType dtype) {
  const DTypeRow *row = findRow(dtype);
  return row ? row->name : "dtype " + std::to_string(int(dtype));
}

bool lacuna::runtime::isFloat(lacunaDType dtype) {
  return dtype == LACUNA_F64 || dtype == LACUNA_F32 || dtype == LACUNA_F16 || dtype == LACUNA_BF16;
}

bool lacuna::runtime::sameDType(lacunaDType a, lacunaDType b) {
  auto canonical = [](lacunaDType dtype) { return dtype == LACUNA_INDEX ? LACUNA_I64 : dtype; };
  return canonical(a) == canonical(b);
}

bool lacuna::runtime::fitsInteger(lacunaDType dtype, int64_t value) {
  if (dtype == LACUNA_I1)
    return value == 0 || value == 1;
  size_t bytes = lacunaDTypeSize(dtype);
  if (bytes >= 8)
    return true;
  int64_t limit = int64_t(1) << (8 * bytes - 1);
  return value >= -limit && value < limit;
}

uint64_t lacuna::runtime::floatBits(lacunaDType dtype, double value) {
  uint64_t bits = 0;
  if (dtype == LACUNA_F64) {
    std::memcpy(&bits, &value, sizeof(value));
  } else if (dtype == LACUNA_F32) {
    float narrow = float(value);
    std::memcpy(&bits, &narrow, sizeof(narrow));
  } else {
    bits = roundTo16(value, dtype == LACUNA_F16 ? 5 : 8);
  }
  return bits;
}
