// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Small float formats to f32, without help from the compiler's runtime library.
#ifndef LACUNA_RUNTIME_EMULATOR_FLOATFORMATS_H
#define LACUNA_RUNTIME_EMULATOR_FLOATFORMATS_H

#include <cmath>
#include <cstdint>
#include <cstring>

namespace lacuna::emulator {

inline float fromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

inline float fromBf16(uint16_t bits) { return fromBits(uint32_t(bits) << 16); }

inline float fromF16(uint16_t bits) {
  uint32_t sign = uint32_t(bits & 0x8000) << 16, exponent = (bits >> 10) & 31, mantissa = bits & 1023;
  if (exponent == 31)
    return fromBits(sign | 0x7f800000 | mantissa << 13);
  if (exponent == 0) {
    float value = float(mantissa) * 0x1p-24f;
    return sign ? -value : value;
  }
  return fromBits(sign | (exponent + 112) << 23 | mantissa << 13);
}

/// Matrix units read the upper 19 bits and ignore the rest.
inline float fromTf32(uint32_t bits) { return fromBits(bits & ~uint32_t(0x1fff)); }

inline float flushDenormal(float value) { return std::fabs(value) < 0x1p-126f ? std::copysign(0.0f, value) : value; }

} // namespace lacuna::emulator

#endif // LACUNA_RUNTIME_EMULATOR_FLOATFORMATS_H
