// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Judge.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace lacuna;
using namespace lacuna::bench;
using lacuna::run::HostTensor;

static HostTensor make(std::vector<double> values, lacunaDType type = LACUNA_F64) {
  HostTensor tensor = *run::makeTensor(type, {int64_t(values.size())});
  for (size_t i = 0; i < values.size(); ++i)
    tensor.setReal(int64_t(i), values[i]);
  return tensor;
}

/// The contract, level by level.
static bool closeAt(double got, double expected, score::Formula formula, int t) {
  score::Tolerance tolerance = score::toleranceOf(formula, t);
  return std::fabs(got - expected) <= tolerance.atol + tolerance.rtol * std::fabs(expected);
}

TEST(Judge, LevelsAreThoseOfTheFormulas) {
  for (double error : {0.0, 1e-15, 1e-9, 3e-6, 1e-4, 5e-4, 0.02, 0.7, 3.0, 40.0, 500.0, 1e9})
    for (double expected : {0.0, 1e-3, 1.0, -7.0, 1000.0}) {
      PassesFrom from = passesFrom(make({0, expected + error}), make({0, expected}));
      for (size_t f = 0; f < score::numFormulas; ++f)
        for (int t = score::minLevel; t <= score::maxLevel; ++t)
          EXPECT_EQ(from[f] && t >= *from[f], closeAt(expected + error, expected, score::Formula(f), t))
              << error << " at " << expected << ", formula " << f << ", t = " << t;
    }
}

TEST(Judge, TheWorstElementDecides) {
  EXPECT_EQ(passesFrom(make({1, 1, 1}), make({1, 1 + 5e-4, 1}))[2], -3);
  EXPECT_EQ(passesFrom(make({1 + 5e-4, 1, 1}), make({1, 1, 1}))[2], -3);
  EXPECT_EQ(passesFrom(make({}), make({}))[2], -10);
}

TEST(Judge, NaNAndInfinities) {
  EXPECT_FALSE(passesFrom(make({NAN}), make({1}))[0]);
  EXPECT_FALSE(passesFrom(make({NAN}), make({NAN}))[0]);
  EXPECT_FALSE(passesFrom(make({1}), make({INFINITY}))[3]);
  EXPECT_FALSE(passesFrom(make({-INFINITY}), make({INFINITY}))[3]);
  EXPECT_EQ(passesFrom(make({-INFINITY}), make({-INFINITY}))[3], -10);
}

TEST(Judge, OutputHasAllKeys) {
  Json output = judgeOutput("o", make({1 + 5e-4}, LACUNA_F32), make({1}, LACUNA_F32));
  EXPECT_EQ(output["dtype"], "float32");
  EXPECT_FALSE(output.contains("compiled_dtype"));
  EXPECT_EQ(output["equal"], false);
  EXPECT_EQ(output["all_close"].size(), 16u);
  EXPECT_EQ(output["all_close"]["-4"], false);
  EXPECT_EQ(output["all_close"]["-3"], true);
  EXPECT_EQ(output["passes_from"]["float32"], -3);
  EXPECT_NEAR(output["max_abs_error"].get<double>(), 5e-4, 1e-7);
}

TEST(Judge, TypesAreCalledAsInTorch) {
  EXPECT_EQ(judgeOutput("o", make({1}, LACUNA_F16), make({1}, LACUNA_BF16))["dtype"], "bfloat16");
  EXPECT_EQ(judgeOutput("o", make({1}, LACUNA_F16), make({1}, LACUNA_BF16))["compiled_dtype"], "float16");
  EXPECT_EQ(torchName(LACUNA_INDEX), "int64");
  EXPECT_EQ(torchName(LACUNA_I8), "int8");
  EXPECT_EQ(torchName(LACUNA_I1), "bool");
}

TEST(Judge, LevelsOfTheOutputsOwnType) {
  // 3e-3 of 1: float16 from -4 (rtol 3.98e-3), bfloat16 from -8 (1.34e-3 is too little, 3.06e-3 of -7 is enough).
  HostTensor one = make({1}, LACUNA_BF16), more = make({1 + 3e-3}, LACUNA_F32), base = make({1}, LACUNA_F32);
  EXPECT_EQ(judgeOutput("o", more, base)["passes_from"]["float16"], -4);
  EXPECT_EQ(judgeOutput("o", more, base)["passes_from"]["bfloat16"], -7);
  EXPECT_EQ(judgeOutput("o", more, one)["all_close"]["-7"], true);
  EXPECT_EQ(judgeOutput("o", more, base)["all_close"]["-7"], false);
}

TEST(Judge, IntegersHaveToBeEqual) {
  HostTensor a = *run::makeTensor(LACUNA_I32, {2}), b = a;
  EXPECT_EQ(judgeOutput("o", a, b)["equal"], true);
  EXPECT_EQ(judgeOutput("o", a, b)["all_close"]["-10"], true);
  b.setInteger(1, 1);
  EXPECT_EQ(judgeOutput("o", a, b)["equal"], false);
  EXPECT_EQ(judgeOutput("o", a, b)["all_close"]["5"], false);
}

TEST(Judge, SamplesSayWhatTheComparisonSays) {
  Json comparison = {{"baseline", "x"},
                     {"status", "ok"},
                     {"speedup", {{"e2e", 2.5}}},
                     {"outputs", {judgeOutput("o", make({1 + 5e-4}, LACUNA_F32), make({1}, LACUNA_F32))}}};
  score::Sample sample = makeSample("name", comparison);
  EXPECT_EQ(sample.status, score::SampleStatus::Correct);
  EXPECT_EQ(sample.speedup, 2.5);
  EXPECT_FALSE(sample.isCorrect(-4));
  EXPECT_TRUE(sample.isCorrect(-3));
  EXPECT_TRUE(sample.outputs[0].close(score::Formula::BFloat16, -10 + 1)); // rtol 5.85e-4
  comparison["status"] = "eager_fail";
  EXPECT_EQ(makeSample("name", comparison).status, score::SampleStatus::EagerFail);
}

TEST(Judge, SamplesFromDamagedFilesAreWrong) {
  for (const char *text :
       {"{}", "[]", "null", R"({"status": "ok"})", R"({"status": "ok", "outputs": [1, null, {}], "speedup": 3})"}) {
    score::Sample sample = makeSample("name", Json::parse(text));
    EXPECT_FALSE(sample.isCorrect(1)) << text;
  }
}

TEST(Judge, SoftmaxMass) {
  // Rows that keep everything, half, and nothing; one that has nothing to keep.
  HostTensor dense = make({2, 3, 1, -INFINITY}), masked = make({2, 3 - std::log(2.0), -INFINITY, -INFINITY});
  EXPECT_DOUBLE_EQ(*softmaxMassKept(masked, dense), 0.5);
  EXPECT_FALSE(softmaxMassKept(make({-INFINITY}), make({-INFINITY})));
  EXPECT_FALSE(softmaxMassKept(make({NAN}), make({1})));
}

TEST(Judge, RelativeL2) {
  EXPECT_EQ(relativeL2(make({3, 4}), make({3, 4})), 0);
  EXPECT_DOUBLE_EQ(relativeL2(make({3, 4.5}), make({3, 4})), 0.1);
}
