// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Philox against the vectors of its authors (Random123, kat_vectors), the polynomials against the math library, and the
// distributions. Bit equality with NumPy: test/tools/lacuna-run/random-data.test.
#include "RandomData.h"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

using namespace lacuna::run;

static HostTensor filled(lacunaDType dtype, std::vector<int64_t> shape, Distribution distribution, uint64_t seed = 0) {
  auto tensor = makeTensor(dtype, std::move(shape));
  EXPECT_TRUE(tensor.ok());
  auto status = fill(*tensor, distribution, seed);
  EXPECT_TRUE(status.ok()) << status.message;
  return std::move(*tensor);
}

TEST(RandomDataTest, philoxKnownAnswers) {
  using Words = std::array<uint32_t, 4>;
  const uint32_t all = 0xffffffff;
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({all, all, all, all}, {all, all}), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomDataTest, normalNumbersAreBoxMullers) {
  for (uint64_t block = 0; block < 20000; ++block) {
    auto words = philox({uint32_t(block), 0, 0, 0}, {5, 1});
    auto numbers = normalBlock((uint64_t(1) << 32) + 5, block);
    for (int pair = 0; pair < 4; pair += 2) {
      double radius = std::sqrt(-2 * std::log((double(words[pair]) + 1) / 4294967296.0));
      double angle = 2 * M_PI * (words[pair + 1] / 4294967296.0);
      ASSERT_NEAR(numbers[pair], radius * std::cos(angle), 1e-14);
      ASSERT_NEAR(numbers[pair + 1], radius * std::sin(angle), 1e-14);
    }
  }
}

TEST(RandomDataTest, momentsOfTheDistributions) {
  const int64_t count = 1 << 20;
  HostTensor normal = filled(LACUNA_F64, {count}, Distribution::Randn),
             uniform = filled(LACUNA_F64, {count}, Distribution::Rand);
  double sums[4] = {}, sum = 0, low = 1, high = 0;
  for (int64_t i = 0; i < count; ++i) {
    for (int power = 1; power <= 4; ++power)
      sums[power - 1] += std::pow(normal.real(i), power) / count;
    sum += uniform.real(i) / count;
    low = std::min(low, uniform.real(i));
    high = std::max(high, uniform.real(i));
  }
  EXPECT_NEAR(sums[0], 0, 5e-3);
  EXPECT_NEAR(sums[1], 1, 1e-2);
  EXPECT_NEAR(sums[2], 0, 2e-2);
  EXPECT_NEAR(sums[3], 3, 1e-1);
  EXPECT_NEAR(sum, 0.5, 2e-3);
  EXPECT_GE(low, 0);
  EXPECT_LT(high, 1);
}

TEST(RandomDataTest, dependsOnSeedAndPositionOnly) {
  HostTensor flat = filled(LACUNA_F32, {70001}, Distribution::Randn, 3),
             square = filled(LACUNA_F32, {7, 11}, Distribution::Randn, 3);
  for (int64_t i = 0; i < square.count(); ++i)
    EXPECT_EQ(flat.real(i), square.real(i));
  EXPECT_NE(filled(LACUNA_F32, {4}, Distribution::Randn, 4).bytes,
            filled(LACUNA_F32, {4}, Distribution::Randn, 3).bytes);
  EXPECT_EQ(flat.real(70000), float(normalBlock(3, 17500)[0]));
}

TEST(RandomDataTest, arangeAndConstants) {
  HostTensor range = filled(LACUNA_I32, {2, 3}, Distribution::Arange);
  for (int64_t i = 0; i < 6; ++i)
    EXPECT_EQ(range.integer(i), i);
  EXPECT_EQ(filled(LACUNA_BF16, {3}, Distribution::Arange).real(2), 2.0);
  EXPECT_EQ(filled(LACUNA_F16, {3}, Distribution::Ones).real(1), 1.0);
  EXPECT_EQ(filled(LACUNA_I1, {3}, Distribution::Ones).integer(1), 1);
  EXPECT_EQ(filled(LACUNA_I64, {3}, Distribution::Zeros).integer(2), 0);
}

TEST(RandomDataTest, errors) {
  HostTensor bytes{LACUNA_I8, {129}, std::vector<char>(129)}, ints{LACUNA_I32, {1}, std::vector<char>(4)};
  EXPECT_EQ(fill(bytes, Distribution::Arange, 0).message, "arange of 129xi8 does not fit its type");
  EXPECT_EQ(fill(ints, Distribution::Randn, 0).message, "random numbers: expects a float type, but got i32");
}

TEST(HostTensorTest, f16AndBf16RoundTrip) {
  for (lacunaDType dtype : {LACUNA_F16, LACUNA_BF16}) {
    HostTensor tensor{dtype, {1}, std::vector<char>(2)};
    for (uint32_t bits = 0; bits < 65536; ++bits) {
      uint16_t stored = uint16_t(bits), back;
      std::memcpy(tensor.bytes.data(), &stored, 2);
      double value = tensor.real(0);
      if (std::isnan(value))
        continue;
      tensor.setReal(0, value);
      std::memcpy(&back, tensor.bytes.data(), 2);
      ASSERT_EQ(stored, back) << "dtype " << dtype << " value " << value;
    }
  }
}

TEST(HostTensorTest, sizes) {
  EXPECT_EQ(*tensorBytes(LACUNA_F32, {0, 5}), 0);
  EXPECT_FALSE(tensorBytes(LACUNA_F32, {int64_t(1) << 32, int64_t(1) << 32}).ok());
  EXPECT_FALSE(tensorBytes(LACUNA_F32, {-1}).ok());
  EXPECT_EQ(makeTensor(LACUNA_F32, {int64_t(1) << 50}).status().code, LACUNA_OUT_OF_MEMORY);
}
