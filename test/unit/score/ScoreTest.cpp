// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scores against numbers that GraphNet's own scorer gave for the same samples, and against its paper.
#include "Score.h"

#include "TestSamples.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace lacuna;
using namespace lacuna::score;

static Score scored(const std::vector<Sample> &samples, double p = 0.1,
                    Interpretation interpretation = Interpretation::Default) {
  runtime::Result<Score> score = computeScore(samples, {p, 0.1, interpretation});
  EXPECT_TRUE(score.ok()) << score.status().message;
  return *score;
}

static const LevelScore &level(const Score &score, int t) { return score.levels[size_t(t - minLevel)]; }

static void expectES(const Score &score, int first, int last, double expected) {
  for (int t = first; t <= last; ++t) {
    EXPECT_NEAR(*level(score, t).es, expected, 1e-6) << "t = " << t;
    EXPECT_EQ(level(score, t).s, t <= 0 ? level(score, t).es : std::nullopt) << "t = " << t;
  }
}

TEST(ScoreTest, exampleA) {
  Score score = scored(exampleA());
  ASSERT_EQ(score.levels.size(), 15u);
  expectES(score, -10, -8, 0.1);
  expectES(score, -7, -5, 0.310795);
  expectES(score, -4, 2, 0.611642);
  expectES(score, 3, 4, 1.087670);
  EXPECT_NEAR(*level(score, -5).es, std::pow(2 * std::pow(0.5, 1.1) * 0.1 * 0.1, 0.25), 1e-12); // by hand
  const Parameters &at0 = *level(score, 0).parameters;
  EXPECT_DOUBLE_EQ(at0.lambda, 0.75);
  EXPECT_NEAR(at0.alpha, 1.144714, 1e-6);
  EXPECT_DOUBLE_EQ(at0.beta, 0.5);
  EXPECT_DOUBLE_EQ(at0.eta, 1.0 / 3);
  EXPECT_NEAR(*score.aggregate.value, -0.224627, 1e-6);
}

TEST(ScoreTest, exampleAWithoutPenalty) {
  Score score = scored(exampleA(), 0);
  expectES(score, -10, -8, 0.1);
  expectES(score, -7, -5, 0.316228);
  expectES(score, -4, 2, 0.622333);
  expectES(score, 3, 4, 1.106682);
}

TEST(ScoreTest, exampleAInterpretations) {
  Score paper = scored(exampleA(), 0.1, Interpretation::Paper);
  expectES(paper, -4, 2, 0.611642);
  expectES(paper, 3, 4, 1.087670);
  Score extended = scored(exampleA(), 0.1, Interpretation::MismatchExtended);
  ASSERT_EQ(extended.levels.size(), 16u);
  expectES(extended, -4, 3, 0.611642);
  expectES(extended, 4, 5, 1.087670);
}

TEST(ScoreTest, exampleB) {
  Score score = scored(exampleB());
  expectES(score, -10, -6, 0.164755);
  expectES(score, -5, 0, 0.232134);
  expectES(score, 1, 2, 0.340726);
  expectES(score, 3, 4, 1.077469);
  const Parameters &at0 = *level(score, 0).parameters;
  EXPECT_DOUBLE_EQ(at0.lambda, 1.0 / 3);
  EXPECT_NEAR(at0.alpha, 1.264911, 1e-6);
  EXPECT_DOUBLE_EQ(at0.beta, 0.8);
  EXPECT_DOUBLE_EQ(at0.eta, 0.5);
  EXPECT_DOUBLE_EQ(at0.gamma, 0.1);
  EXPECT_EQ(level(score, 1).parameters->pi, (std::vector<double>{0.25, 0.5, 0.25}));
  EXPECT_NEAR(*score.aggregate.value, -0.499134, 1e-6);
}

TEST(ScoreTest, exampleBInterpretations) {
  Score extended = scored(exampleB(), 0.1, Interpretation::MismatchExtended);
  expectES(extended, -5, 0, 0.232134);
  expectES(extended, 1, 1, 0.340726);
  expectES(extended, 2, 2, 0.500117);
  expectES(extended, 3, 3, 0.734071);
  expectES(extended, 4, 5, 1.077469);
  EXPECT_NEAR(level(extended, 1).parameters->gamma, 0.177828, 1e-6);
  EXPECT_EQ(level(extended, 1).parameters->pi, (std::vector<double>{0.25, 0.25, 0.25, 0.25, 0}));
  Score paper = scored(exampleB(), 0.1, Interpretation::Paper);
  expectES(paper, 1, 1, 0.340726);
  expectES(paper, 2, 2, 0.734071); // runtime and type are forgiven, compiling is not
  expectES(paper, 3, 4, 1.077469);
}

TEST(ScoreTest, exampleC) {
  Score free = scored(exampleC(), 0);
  expectES(free, -10, -9, 0.715524);
  expectES(free, -8, 4, 0.892129);
  EXPECT_NEAR(*free.aggregate.value, -0.049608, 1e-6);
  Score score = scored(exampleC());
  expectES(score, -10, -9, 0.708088);
  expectES(score, -8, 4, 0.882004);
  EXPECT_NEAR(*score.aggregate.value, -0.054565, 1e-6);
  const Parameters &at0 = *level(score, 0).parameters;
  EXPECT_NEAR(at0.alpha, 0.892129, 1e-6);
  EXPECT_DOUBLE_EQ(at0.alpha, at0.beta);
  EXPECT_EQ(at0.lambda, 1);
  EXPECT_EQ(at0.eta, 1);
  EXPECT_EQ(at0.gamma, 0.1) << "b up to t = 0, failures or not";
  EXPECT_EQ(level(score, 1).parameters->gamma, 1);
}

/// PyTorch, NLP, at t = 0 in the paper's table.
TEST(ScoreTest, exampleD) {
  Parameters parameters = {0.977, 1.363, 0.818, 0.044, 1, {}};
  EXPECT_NEAR(std::exp(logS(parameters, {})), 1.2824, 5e-5);
  EXPECT_NEAR(std::exp(logES(parameters, {})), 1.3522, 5e-5);
}

/// Wrong at t = 1 but right at 2, and the other way round: what is decided at 1 stays.
TEST(ScoreTest, frozenAtOne) {
  Sample late = sampleWithError("late", 4, 100), early = sampleWithError("early", 4, 0);
  ASSERT_FALSE(late.isCorrect(1));
  ASSERT_TRUE(late.isCorrect(2));
  for (int t = 2; t <= 4; ++t)
    early.outputs[0].setClose(Formula::Float32, t, false);
  Score score = scored({late, early});
  expectES(score, -10, 0, std::sqrt(4 * 0.1));
  expectES(score, 1, 4, 2);
  EXPECT_DOUBLE_EQ(level(score, 4).parameters->lambda, 0.5);
}

/// Right at t = 1 for the first time: judged with the loose numbers of t = 1, not with those of 0.
TEST(ScoreTest, levelOneStillJudges) {
  Score score = scored({sampleWithError("a", 4, 20)});
  expectES(score, -10, 0, 0.1);
  expectES(score, 1, 4, 4);
}

TEST(ScoreTest, eagerFailureIsNeverForgivenWhenExtended) {
  std::vector<Sample> samples = {sampleWithError("a", 1, 0), failed("b", SampleStatus::EagerFail)};
  expectES(scored(samples, 0.1, Interpretation::MismatchExtended), -10, 5, std::sqrt(0.1));
  expectES(scored(samples), 3, 4, 1);
  expectES(scored(samples, 0.1, Interpretation::Paper), 2, 4, 1);
}

TEST(ScoreTest, allFail) {
  Score score = scored({failed("a", SampleStatus::CompileFail), failed("b", SampleStatus::RuntimeFail)});
  expectES(score, -10, 2, 0.1);
  expectES(score, 3, 4, 1);
  const Parameters &at0 = *level(score, 0).parameters;
  EXPECT_EQ(at0.lambda, 0);
  EXPECT_EQ(at0.alpha, 1);
  EXPECT_EQ(at0.beta, 1);
  EXPECT_EQ(at0.eta, 0);
}

TEST(ScoreTest, noSamples) {
  Score score = scored({});
  ASSERT_EQ(score.levels.size(), 15u);
  for (const LevelScore &empty : score.levels)
    EXPECT_TRUE(!empty.s && !empty.es && !empty.parameters);
  EXPECT_FALSE(score.aggregate.value);
  EXPECT_EQ(score.aggregate.undefined, "no samples");
}

TEST(ScoreTest, aggregateNeedsItsFifteenLevels) {
  Aggregate extended = scored(exampleA(), 0.1, Interpretation::MismatchExtended).aggregate;
  EXPECT_FALSE(extended.value);
  EXPECT_EQ(extended.undefined, "its weights are for exactly the levels -10..4");
  std::vector<LevelScore> levels = scored(exampleA()).levels;
  levels.erase(levels.begin());
  EXPECT_FALSE(aggregate(levels).value);
}

TEST(ScoreTest, aggregateOfOnesAndTens) {
  std::vector<LevelScore> levels;
  for (int t = minLevel; t <= 4; ++t)
    levels.push_back({t, std::nullopt, t == -7 ? 10.0 : 1.0, std::nullopt});
  EXPECT_NEAR(*aggregate(levels).value, 0.13 / 5.333, 1e-12);
  levels[3].es = 0;
  EXPECT_EQ(aggregate(levels).undefined, "ES(-7) is 0, which has no logarithm");
}

TEST(ScoreTest, routesThatDisagreeAreAnError) {
  EXPECT_TRUE(compareRoutes(0, -2, -2 - 0.9e-9).ok());
  EXPECT_TRUE(compareRoutes(0, -1e6, -1e6 - 1e-4).ok());
  EXPECT_TRUE(compareRoutes(0, -INFINITY, -INFINITY).ok());
  runtime::Status status = compareRoutes(3, 0.5, 0.5 + 1e-8);
  EXPECT_EQ(status.code, LACUNA_INTERNAL_ERROR);
  EXPECT_EQ(status.message.find("internal error: at t = 3 the score is exp(0.5"), 0u) << status.message;
  EXPECT_FALSE(compareRoutes(0, NAN, 0).ok());
}

/// Powers leave the range of a double here; the routes must still agree, and no logarithm of 0 be taken.
TEST(ScoreTest, extremeNumbers) {
  Score score = scored({sampleWithError("a", 1e-300, 0), sampleWithError("b", 1e300, 0)}, 1e6);
  EXPECT_EQ(*level(score, 0).es, 0);
  EXPECT_EQ(score.aggregate.undefined, "ES(-10) is 0, which has no logarithm");
  EXPECT_EQ(*level(scored(exampleA(), 1e308), 0).es, 0);
  EXPECT_NEAR(*level(scored({sampleWithError("a", 1e-300, 0), sampleWithError("b", 1e300, 0)}, 0), 0).es, 1, 1e-9);
}

TEST(ScoreTest, penaltiesOutOfRange) {
  for (double p : {-0.1, double(NAN), double(INFINITY)})
    EXPECT_FALSE(computeScore(exampleA(), {p, 0.1, Interpretation::Default}).ok()) << p;
  for (double b : {0.0, -0.1, 1.5, double(NAN)})
    EXPECT_FALSE(computeScore(exampleA(), {0.1, b, Interpretation::Default}).ok()) << b;
  EXPECT_TRUE(computeScore(exampleA(), {0, 1, Interpretation::Default}).ok());
}
