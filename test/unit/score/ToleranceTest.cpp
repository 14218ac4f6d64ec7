// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The whole table of tolerances, as published.
#include "Tolerance.h"

#include <gtest/gtest.h>
#include <set>

using namespace lacuna::score;

struct Row {
  int t;
  const char *atol, *fp16, *bf16, *fp32, *fp64;
};
static const Row table[] = {{-10, "1.00E-10", "1.00E-06", "2.56E-04", "1.69E-12", "1.00E-14"},
                            {-9, "1.00E-09", "3.98E-06", "5.85E-04", "2.54E-11", "2.51E-13"},
                            {-8, "1.00E-08", "1.58E-05", "1.34E-03", "3.82E-10", "6.31E-12"},
                            {-7, "1.00E-07", "6.31E-05", "3.06E-03", "5.75E-09", "1.58E-10"},
                            {-6, "1.00E-06", "2.51E-04", "7.00E-03", "8.65E-08", "3.98E-09"},
                            {-5, "1.00E-05", "1.00E-03", "1.60E-02", "1.30E-06", "1.00E-07"},
                            {-4, "1.00E-04", "3.98E-03", "3.66E-02", "1.96E-05", "2.51E-06"},
                            {-3, "1.00E-03", "1.58E-02", "8.36E-02", "2.94E-04", "6.31E-05"},
                            {-2, "1.00E-02", "6.31E-02", "1.91E-01", "4.42E-03", "1.58E-03"},
                            {-1, "1.00E-01", "2.51E-01", "4.37E-01", "6.65E-02", "3.98E-02"},
                            {0, "1.00E+00", "1.00E+00", "1.00E+00", "1.00E+00", "1.00E+00"},
                            {1, "1.00E+01", "3.98E+00", "2.29E+00", "1.50E+01", "2.51E+01"},
                            {2, "1.00E+02", "1.58E+01", "5.23E+00", "2.26E+02", "6.31E+02"},
                            {3, "1.00E+03", "6.31E+01", "1.20E+01", "3.40E+03", "1.58E+04"},
                            {4, "1.00E+04", "2.51E+02", "2.73E+01", "5.11E+04", "3.98E+05"},
                            {5, "1.00E+05", "1.00E+03", "6.25E+01", "7.69E+05", "1.00E+07"}};

TEST(ToleranceTest, publishedTable) {
  ASSERT_EQ(std::size(table), numLevels);
  for (const Row &row : table) {
    const char *rtols[] = {row.fp16, row.bf16, row.fp32, row.fp64};
    for (size_t i = 0; i < numFormulas; ++i) {
      const char *atol = Formula(i) == Formula::Float64 ? row.fp64 : row.atol;
      EXPECT_EQ(allCloseKey(Formula(i), row.t), std::string("all_close_atol_") + atol + "_rtol_" + rtols[i]);
      EXPECT_EQ(toleranceOf(Formula(i), row.t).atol, std::stod(atol)) << row.t;
      EXPECT_EQ(toleranceOf(Formula(i), row.t).rtol, std::stod(rtols[i])) << row.t;
    }
  }
}

TEST(ToleranceTest, keysAreDistinctButForZero) {
  std::set<std::string> keys;
  for (int t = minLevel; t <= maxLevel; ++t)
    for (size_t i = 0; i < numFormulas; ++i) {
      keys.insert(allCloseKey(Formula(i), t));
      EXPECT_EQ(cellsOf(allCloseKey(Formula(i), t)).size(), t == 0 ? 4u : 1u);
    }
  EXPECT_EQ(keys.size(), 61u);
  const std::vector<Cell> &cells = cellsOf("all_close_atol_1.00E-05_rtol_1.60E-02");
  ASSERT_EQ(cells.size(), 1u);
  EXPECT_EQ(cells[0].formula, Formula::BFloat16);
  EXPECT_EQ(cells[0].t, -5);
  EXPECT_TRUE(cellsOf("all_close_atol_1.00E-5_rtol_1.60E-02").empty());
  EXPECT_TRUE(cellsOf("").empty());
}

TEST(ToleranceTest, typesOfTheTable) {
  EXPECT_EQ(formulaOf("float16"), Formula::Float16);
  EXPECT_EQ(formulaOf("bfloat16"), Formula::BFloat16);
  EXPECT_EQ(formulaOf("float32"), Formula::Float32);
  EXPECT_EQ(formulaOf("float64"), Formula::Float64);
  for (const char *other : {"int64", "bool", "float8_e4m3fn", "complex64", "torch.float32", "f32", ""})
    EXPECT_FALSE(formulaOf(other)) << other;
}
