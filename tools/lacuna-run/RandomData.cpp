// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiled with -ffp-contract=off (CMakeLists.txt): a fused multiply-add would change last bits.
#include "RandomData.h"

#include "runtime/DType.h"

#include "llvm/Support/Parallel.h"

#include <algorithm>
#include <cmath>

using namespace lacuna;
using namespace lacuna::run;
using namespace lacuna::runtime;

std::array<uint32_t, 4> lacuna::run::philox(std::array<uint32_t, 4> c, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    uint64_t a = uint64_t(0xD2511F53) * c[0], b = uint64_t(0xCD9E8D57) * c[2];
    c = {uint32_t(b >> 32) ^ c[1] ^ key[0], uint32_t(b), uint32_t(a >> 32) ^ c[3] ^ key[1], uint32_t(a)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return c;
}

static std::array<uint32_t, 4> wordsOf(uint64_t seed, uint64_t block) {
  return philox({uint32_t(block), uint32_t(block >> 32), 0, 0}, {uint32_t(seed), uint32_t(seed >> 32)});
}

/// ln(n / 2^32) for 1 <= n <= 2^32: twice the series of artanh around 1.
static double logOfFraction(uint64_t n) {
  int exponent;
  double m = std::frexp(double(n), &exponent);
  if (m < 0.70710678118654752) {
    m = m * 2;
    exponent -= 1;
  }
  double s = (m - 1) / (m + 1), z = s * s, sum = 0;
  for (int k = 10; k >= 0; --k)
    sum = sum * z + 2.0 / (2 * k + 1);
  return s * sum + (exponent - 32) * 0.69314718055994531;
}

/// cos and sin of a full turn times w / 2^32: Taylor series in the nearest quarter.
static std::pair<double, double> cosSinOfTurn(uint32_t w) {
  int64_t quarter = (int64_t(w) + (int64_t(1) << 29)) >> 30;
  double x = double(int64_t(w) - (quarter << 30)) * (6.283185307179586 / 4294967296.0), z = x * x;
  double c = 0, s = 0, factorial = 355687428096000.0; // 17!
  for (int k = 8; k >= 0; --k) {
    double sign = k % 2 ? -1 : 1;
    s = s * z + sign / factorial; // (2k + 1)!
    factorial /= 2 * k + 1;
    c = c * z + sign / factorial; // (2k)!
    factorial /= std::max(2 * k, 1);
  }
  s = s * x;
  switch (quarter % 4) {
  case 0:
    return {c, s};
  case 1:
    return {-s, c};
  case 2:
    return {-c, -s};
  default:
    return {s, -c};
  }
}

std::array<double, 4> lacuna::run::normalBlock(uint64_t seed, uint64_t block) {
  std::array<uint32_t, 4> words = wordsOf(seed, block);
  std::array<double, 4> numbers;
  for (int pair = 0; pair < 4; pair += 2) {
    double radius = std::sqrt(-2 * logOfFraction(uint64_t(words[pair]) + 1));
    auto [c, s] = cosSinOfTurn(words[pair + 1]);
    numbers[pair] = radius * c;
    numbers[pair + 1] = radius * s;
  }
  return numbers;
}

static std::array<double, 4> uniformBlock(uint64_t seed, uint64_t block) {
  std::array<double, 4> numbers;
  std::array<uint32_t, 4> words = wordsOf(seed, block);
  for (int j = 0; j < 4; ++j)
    numbers[j] = double(words[j] >> 8) / 16777216.0;
  return numbers;
}

static void fillRandom(HostTensor &tensor, uint64_t seed, std::array<double, 4> (*generate)(uint64_t, uint64_t)) {
  constexpr int64_t chunk = 1 << 16; // elements of one task, a multiple of 4
  int64_t count = tensor.count();
  llvm::parallelFor(0, size_t((count + chunk - 1) / chunk), [&](size_t task) {
    int64_t end = std::min(count, int64_t(task + 1) * chunk);
    for (int64_t i = int64_t(task) * chunk; i < end; i += 4) {
      std::array<double, 4> numbers = generate(seed, uint64_t(i) / 4);
      for (int64_t j = 0; j < std::min<int64_t>(4, end - i); ++j)
        tensor.setReal(i + j, tensor.dtype == LACUNA_F64 ? numbers[j] : double(float(numbers[j])));
    }
  });
}

static Status fillIntegers(HostTensor &tensor, uint64_t seed, int64_t limit) {
  if (isFloat(tensor.dtype))
    return expectsButGot("randint", "an integer type", dtypeName(tensor.dtype));
  if (!fitsInteger(tensor.dtype, limit - 1))
    return invalidArgument("randint below " + std::to_string(limit) + " does not fit " + dtypeName(tensor.dtype));
  for (int64_t i = 0, count = tensor.count(); i < count; ++i)
    tensor.setInteger(i, int64_t((uint64_t(wordsOf(seed, uint64_t(i) / 4)[size_t(i % 4)]) * uint64_t(limit)) >> 32));
  return success();
}

Status lacuna::run::fill(HostTensor &tensor, Distribution distribution, uint64_t seed, int64_t limit) {
  bool real = isFloat(tensor.dtype);
  if (distribution == Distribution::Randint)
    return fillIntegers(tensor, seed, limit);
  if (distribution == Distribution::Randn || distribution == Distribution::Rand) {
    if (!real)
      return expectsButGot("random numbers", "a float type", dtypeName(tensor.dtype));
    fillRandom(tensor, seed, distribution == Distribution::Randn ? normalBlock : uniformBlock);
    return success();
  }
  int64_t count = tensor.count(), step = distribution == Distribution::Arange;
  int64_t first = distribution == Distribution::Ones;
  if (!real && step && count > 0 && !fitsInteger(tensor.dtype, count - 1))
    return invalidArgument("arange of " + typeText(tensor.dtype, tensor.shape) + " does not fit its type");
  for (int64_t i = 0; i < count; ++i) {
    if (real)
      tensor.setReal(i, double(first + step * i));
    else
      tensor.setInteger(i, first + step * i);
  }
  return success();
}
