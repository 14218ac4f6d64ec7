// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers of NumPy: percentile, std and mean of the same lists.
#include "Statistics.h"

#include <gtest/gtest.h>

using namespace lacuna::bench;

TEST(Statistics, OfOneValue) {
  Statistics s = summarize({3});
  EXPECT_EQ(s.median, 3);
  EXPECT_EQ(s.iqr, 0);
  EXPECT_EQ(s.std, 0);
}

TEST(Statistics, OfAnOddNumber) {
  Statistics s = summarize({5, 1, 2, 10, 4});
  EXPECT_EQ(s.median, 4);
  EXPECT_DOUBLE_EQ(s.iqr, 3);
  EXPECT_DOUBLE_EQ(s.mean, 4.4);
  EXPECT_NEAR(s.std, 3.1368774282716245, 1e-12);
  EXPECT_EQ(s.min, 1);
  EXPECT_EQ(s.max, 10);
}

TEST(Statistics, QuartilesAreInterpolated) {
  Statistics s = summarize({1, 2, 3, 4});
  EXPECT_EQ(s.median, 2.5);
  EXPECT_DOUBLE_EQ(s.iqr, 1.5);
}

TEST(Statistics, FluctuatesAboveAFifth) {
  EXPECT_FALSE(fluctuates({}));
  EXPECT_FALSE(fluctuates({1}));
  EXPECT_FALSE(fluctuates({0.95, 1, 1.05, 1, 1}));
  EXPECT_FALSE(fluctuates({9, 9, 10, 11, 11})); // exactly 0.2
  EXPECT_TRUE(fluctuates({8.9, 8.9, 10, 11, 11}));
  EXPECT_FALSE(fluctuates({1, 1, 1, 1, 1000})); // one outlier is none
}
