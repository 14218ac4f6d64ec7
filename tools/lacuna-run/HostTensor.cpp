// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bits of elements to numbers and back.
#include "HostTensor.h"

#include "runtime/DType.h"

#include <array>
#include <cmath>
#include <cstring>

using namespace lacuna;
using namespace lacuna::run;
using namespace lacuna::runtime;

template <typename T> static T load(const HostTensor &tensor, int64_t i) {
  T value;
  std::memcpy(&value, tensor.bytes.data() + size_t(i) * sizeof(T), sizeof(T));
  return value;
}

static float decodeF16(uint16_t bits) {
  int exponent = (bits >> 10) & 31, mantissa = bits & 1023;
  float magnitude = exponent == 31 ? (mantissa ? NAN : INFINITY)
                    : exponent     ? std::ldexp(float(1024 + mantissa), exponent - 25)
                                   : std::ldexp(float(mantissa), -24);
  return bits >> 15 ? -magnitude : magnitude;
}

static const std::array<float, 65536> &f16Table() {
  static const std::array<float, 65536> table = [] {
    std::array<float, 65536> values;
    for (size_t bits = 0; bits < values.size(); ++bits)
      values[bits] = decodeF16(uint16_t(bits));
    return values;
  }();
  return table;
}

double HostTensor::real(int64_t i) const {
  if (dtype == LACUNA_F64)
    return load<double>(*this, i);
  if (dtype == LACUNA_F32)
    return load<float>(*this, i);
  uint16_t half = load<uint16_t>(*this, i);
  if (dtype == LACUNA_F16)
    return f16Table()[half];
  uint32_t bits = uint32_t(half) << 16; // bf16 is the upper half of an f32
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

void HostTensor::setReal(int64_t i, double value) {
  uint64_t bits = floatBits(dtype, value);
  size_t size = lacunaDTypeSize(dtype);
  std::memcpy(bytes.data() + size_t(i) * size, &bits, size); // little endian, like every target
}

int64_t HostTensor::integer(int64_t i) const {
  switch (lacunaDTypeSize(dtype)) {
  case 1:
    return load<int8_t>(*this, i);
  case 2:
    return load<int16_t>(*this, i);
  case 4:
    return load<int32_t>(*this, i);
  default:
    return load<int64_t>(*this, i);
  }
}

void HostTensor::setInteger(int64_t i, int64_t value) {
  size_t size = lacunaDTypeSize(dtype);
  std::memcpy(bytes.data() + size_t(i) * size, &value, size);
}

Result<int64_t> lacuna::run::tensorBytes(lacunaDType dtype, const std::vector<int64_t> &shape) {
  int64_t bytes = int64_t(lacunaDTypeSize(dtype));
  bool empty = false;
  for (int64_t size : shape) {
    if (size < 0)
      return expectsButGot("size of a dimension", "0 or more", std::to_string(size));
    empty |= size == 0;
    if (size > 0 && __builtin_mul_overflow(bytes, size, &bytes))
      return invalidArgument(typeText(dtype, shape) + " is too large");
  }
  return empty ? 0 : bytes;
}

Result<HostTensor> lacuna::run::makeTensor(lacunaDType dtype, std::vector<int64_t> shape) {
  Result<int64_t> bytes = tensorBytes(dtype, shape);
  if (!bytes.ok())
    return bytes.status();
  // A limit far above any machine's memory, so that std::vector's own is never met.
  if (*bytes > (int64_t(1) << 46))
    return failure(LACUNA_OUT_OF_MEMORY, typeText(dtype, shape) + " is too large");
  return HostTensor{dtype, std::move(shape), std::vector<char>(size_t(*bytes))};
}

std::string lacuna::run::typeText(lacunaDType dtype, const std::vector<int64_t> &shape) {
  std::string text;
  for (int64_t size : shape)
    text += std::to_string(size) + "x";
  return text + dtypeName(dtype);
}
