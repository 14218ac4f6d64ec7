// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/DType.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

using namespace lacuna::runtime;

TEST(DTypeTest, namesGoBothWays) {
  for (int number = LACUNA_F64; number <= LACUNA_INDEX; ++number) {
    auto dtype = lacunaDType(number);
    ASSERT_NE(lacunaDTypeName(dtype), nullptr);
    EXPECT_EQ(parseDType(lacunaDTypeName(dtype)), dtype);
    EXPECT_GT(lacunaDTypeSize(dtype), 0u);
  }
  EXPECT_EQ(parseDType("f8"), std::nullopt);
  EXPECT_EQ(lacunaDTypeName(lacunaDType(99)), nullptr);
  EXPECT_EQ(lacunaDTypeSize(lacunaDType(0)), 0u);
}

TEST(DTypeTest, integerRanges) {
  EXPECT_TRUE(fitsInteger(LACUNA_I8, -128) && fitsInteger(LACUNA_I8, 127));
  EXPECT_FALSE(fitsInteger(LACUNA_I8, -129) || fitsInteger(LACUNA_I8, 128));
  EXPECT_FALSE(fitsInteger(LACUNA_I32, int64_t(1) << 31) || fitsInteger(LACUNA_I1, -1) || fitsInteger(LACUNA_I1, 2));
  EXPECT_TRUE(fitsInteger(LACUNA_INDEX, std::numeric_limits<int64_t>::min()) && fitsInteger(LACUNA_I1, 1));
}

/// Value of a finite 16-bit float, from the definition of the format.
static double decode(unsigned bits, int mantissaBits, int bias) {
  int exponent = int(bits >> mantissaBits);
  double fraction = std::ldexp(double(bits & ((1u << mantissaBits) - 1)), -mantissaBits);
  return exponent == 0 ? std::ldexp(fraction, 1 - bias) : std::ldexp(1 + fraction, exponent - bias);
}

/// Every finite positive number, and the halfway point to the next one (which goes to the even one), both signs.
static void checkAll(lacunaDType dtype, int mantissaBits, int bias) {
  unsigned infinity = ((1u << (15 - mantissaBits)) - 1) << mantissaBits;
  int wrong = 0;
  for (unsigned bits = 0; bits < infinity; ++bits) {
    double value = decode(bits, mantissaBits, bias), next = decode(bits + 1, mantissaBits, bias);
    double middle = (value + next) / 2; // exact: doubles have bits to spare
    wrong += floatBits(dtype, value) != bits;
    wrong += floatBits(dtype, -value) != (0x8000 | bits);
    wrong += floatBits(dtype, middle) != bits + (bits & 1);
    wrong += floatBits(dtype, std::nextafter(middle, 0)) != bits;
    wrong += floatBits(dtype, std::nextafter(middle, next)) != bits + 1;
  }
  EXPECT_EQ(wrong, 0);
  double huge = std::numeric_limits<double>::max(), nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(floatBits(dtype, huge), infinity);
  EXPECT_EQ(floatBits(dtype, -HUGE_VAL), 0x8000 | infinity);
  EXPECT_EQ(floatBits(dtype, std::numeric_limits<double>::denorm_min()), 0u);
  EXPECT_GT(floatBits(dtype, nan) & 0x7fff, infinity);
}

TEST(DTypeTest, halfRoundsToNearestEven) { checkAll(LACUNA_F16, 10, 15); }
TEST(DTypeTest, bfloatRoundsToNearestEven) { checkAll(LACUNA_BF16, 7, 127); }

TEST(DTypeTest, wideFloats) {
  EXPECT_EQ(floatBits(LACUNA_F32, 1.0), 0x3f800000u);
  EXPECT_EQ(floatBits(LACUNA_F64, -2.0), 0xc000000000000000u);
}
