// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tolerances at their edges, infinities, NaN, integers, positions.
#include "Compare.h"

#include <cmath>
#include <gtest/gtest.h>
#include <initializer_list>

using namespace lacuna::run;

static HostTensor floats(std::vector<int64_t> shape, std::initializer_list<double> values,
                         lacunaDType dtype = LACUNA_F64) {
  auto tensor = makeTensor(dtype, std::move(shape));
  EXPECT_EQ(tensor->count(), int64_t(values.size()));
  int64_t i = 0;
  for (double value : values)
    tensor->setReal(i++, value);
  return std::move(*tensor);
}

static Rule ruleOf(lacunaDType type, size_t rank, lacunaDType input, size_t inputRank) {
  return chooseRule(type, rank, input, inputRank, {}, {});
}

TEST(CompareTest, rules) {
  EXPECT_EQ(ruleOf(LACUNA_F32, 4, LACUNA_F32, 4).relative, 1e-5);
  EXPECT_EQ(ruleOf(LACUNA_F16, 4, LACUNA_F16, 4).relative, 1.0 / 1024);
  EXPECT_EQ(ruleOf(LACUNA_BF16, 4, LACUNA_BF16, 4).relative, 1.0 / 128);
  EXPECT_EQ(ruleOf(LACUNA_F32, 4, LACUNA_BF16, 4).relative, 1.0 / 128);
  EXPECT_EQ(ruleOf(LACUNA_F32, 3, LACUNA_BF16, 4).relative, 1e-5);
  EXPECT_EQ(ruleOf(LACUNA_F32, 3, LACUNA_BF16, 4).kind, Rule::Statistics);
  EXPECT_EQ(ruleOf(LACUNA_F32, 3, LACUNA_F32, 3).kind, Rule::Rows);
  EXPECT_EQ(ruleOf(LACUNA_I32, 4, LACUNA_F32, 4).kind, Rule::Exact);
  Rule own = chooseRule(LACUNA_F32, 4, LACUNA_F32, 4, 0.5, {});
  EXPECT_EQ(own.kind, Rule::Elements);
  EXPECT_EQ(own.absolute, 0.5);
  EXPECT_EQ(own.relative, 0);
}

TEST(CompareTest, errorsAreRelativeToTheRow) {
  Rule rule{Rule::Rows, 1e-2, 0};
  HostTensor reference = floats({2, 2}, {0.001, 100, 1, 0});
  EXPECT_TRUE(compare(floats({2, 2}, {0.9, 100, 1, 0.009}), reference, rule).passed);
  Difference found = compare(floats({2, 2}, {0.001, 100, 1, 0.011}), reference, rule);
  EXPECT_FALSE(found.passed);
  EXPECT_EQ(found.position, (std::vector<int64_t>{1, 1}));
  EXPECT_DOUBLE_EQ(found.maxAbsolute, 0.011);
  EXPECT_DOUBLE_EQ(found.maxRowRelative, 0.011);
  EXPECT_DOUBLE_EQ(found.got, 0.011);
  EXPECT_EQ(found.reference, 0);
}

TEST(CompareTest, zeroRowsMustBeZero) {
  Rule rule{Rule::Rows, 1e-2, 0};
  EXPECT_TRUE(compare(floats({2}, {0, -0.0}), floats({2}, {0, 0}), rule).passed);
  EXPECT_FALSE(compare(floats({2}, {0, 1e-300}), floats({2}, {0, 0}), rule).passed);
}

TEST(CompareTest, statistics) {
  Rule rule{Rule::Statistics, 1e-5, 0};
  EXPECT_TRUE(compare(floats({2}, {0.9e-5, 1000}), floats({2}, {0, 1000}), rule).passed);
  EXPECT_FALSE(compare(floats({2}, {1.1e-5, 1000}), floats({2}, {0, 1000}), rule).passed)
      << "the row's size is no excuse";
  EXPECT_TRUE(compare(floats({1}, {1000.009}), floats({1}, {1000}), rule).passed);
  EXPECT_FALSE(compare(floats({1}, {1000.011}), floats({1}, {1000}), rule).passed);
}

TEST(CompareTest, ownTolerances) {
  Rule rule{Rule::Elements, 0.1, 1};
  EXPECT_TRUE(compare(floats({1}, {12}), floats({1}, {10}), rule).passed);
  EXPECT_FALSE(compare(floats({1}, {12.01}), floats({1}, {10}), rule).passed);
}

TEST(CompareTest, infinitiesAndNaN) {
  for (Rule rule :
       {Rule{Rule::Rows, 1e-2, 0}, Rule{Rule::Statistics, 1e-2, 0}, Rule{Rule::Elements, INFINITY, INFINITY}}) {
    EXPECT_TRUE(compare(floats({2}, {-INFINITY, 1}), floats({2}, {-INFINITY, 1}), rule).passed);
    EXPECT_FALSE(compare(floats({2}, {INFINITY, 1}), floats({2}, {-INFINITY, 1}), rule).passed);
    EXPECT_FALSE(compare(floats({2}, {-1e30, 1}), floats({2}, {-INFINITY, 1}), rule).passed);
    EXPECT_FALSE(compare(floats({2}, {-INFINITY, 1}), floats({2}, {-1e30, 1}), rule).passed);
    EXPECT_FALSE(compare(floats({2}, {NAN, 1}), floats({2}, {NAN, 1}), rule).passed);
    EXPECT_FALSE(compare(floats({2}, {NAN, 1}), floats({2}, {0, 1}), rule).passed);
    EXPECT_FALSE(compare(floats({2}, {0, 1}), floats({2}, {NAN, 1}), rule).passed);
  }
  EXPECT_EQ(compare(floats({1}, {NAN}), floats({1}, {0}), {}).maxAbsolute, INFINITY);
}

TEST(CompareTest, integersAreExact) {
  HostTensor a{LACUNA_I64, {1}, std::vector<char>(8)}, b = a;
  a.setInteger(0, (int64_t(1) << 60) + 1);
  b.setInteger(0, int64_t(1) << 60); // the same as f64
  EXPECT_FALSE(compare(a, b, {Rule::Exact, 0, 0}).passed);
  EXPECT_TRUE(compare(a, a, {Rule::Exact, 0, 0}).passed);
}

TEST(CompareTest, emptyAndScalar) {
  EXPECT_TRUE(compare(floats({3, 0}, {}), floats({3, 0}, {}), {}).passed);
  EXPECT_TRUE(compare(floats({0, 3}, {}), floats({0, 3}, {}), {}).passed);
  EXPECT_TRUE(compare(floats({}, {2}), floats({}, {2}), {}).passed);
  EXPECT_FALSE(compare(floats({}, {2}), floats({}, {3}), {}).passed);
}
