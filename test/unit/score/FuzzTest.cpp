// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Valid inputs, broken at random with a fixed seed: every one is read and scored, or refused with a message.
#include "BenchResult.h"
#include "GraphNetLogWriter.h"
#include "ScoreReport.h"
#include "TestLogs.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace lacuna;
using namespace lacuna::score;

namespace {
class Mutator {
public:
  explicit Mutator(unsigned seed) : random(seed) {}
  std::string operator()(std::string text) {
    for (size_t n = 1 + below(8); n > 0 && !text.empty(); --n)
      mutate(text);
    return text;
  }

private:
  size_t below(size_t limit) { return random() % limit; }
  void mutate(std::string &text) {
    static const char *const pieces[] = {"[",
                                         "]: ",
                                         "\n",
                                         "\r",
                                         "nan",
                                         "-1",
                                         "1e999",
                                         "[Processing] ",
                                         "all_close",
                                         "Error:",
                                         "[Speedup][e2e]: ",
                                         "[Correctness][equal]: ",
                                         "\"",
                                         "{",
                                         "}",
                                         "null",
                                         " ",
                                         "match:True"};
    size_t at = below(text.size()), length = std::min(text.size() - at, 1 + below(80));
    switch (below(5)) {
    case 0:
      text[at] = char(below(256));
      break;
    case 1:
      text.erase(at, length);
      break;
    case 2:
      text.insert(below(text.size()), text.substr(at, length));
      break;
    case 3:
      text.insert(at, pieces[below(std::size(pieces))]);
      break;
    case 4:
      text.resize(at);
      break;
    }
  }
  std::mt19937 random;
};
} // namespace

/// Scored under all rules, reported, written and read again with the same verdicts.
static void check(const std::vector<Sample> &samples) {
  for (Interpretation interpretation :
       {Interpretation::Default, Interpretation::Paper, Interpretation::MismatchExtended}) {
    ScoreOptions options = {0.1, 0.1, interpretation};
    runtime::Result<Score> score = computeScore(samples, options);
    ASSERT_TRUE(score.ok()) << score.status().message;
    for (const LevelScore &level : score->levels)
      ASSERT_TRUE(samples.empty() ? !level.es : *level.es > 0 && std::isfinite(*level.es));
    ScoredCurve curve = {{"x", samples, {}}, options, *score};
    ASSERT_FALSE(toJson({curve}).empty());
    ASSERT_FALSE(toText(curve).empty());
  }
  std::vector<Sample> again = readText(writeGraphNetLog(samples)).samples;
  ASSERT_EQ(samples.size(), again.size());
  for (size_t i = 0; i < samples.size(); ++i)
    for (int t = minLevel; t <= frozenLevel; ++t)
      ASSERT_EQ(samples[i].statusAt(t), again[i].statusAt(t));
}

TEST(FuzzTest, logs) {
  std::string whole = writeGraphNetLog(exampleB()) + joined(goodLog());
  Mutator mutate(1);
  for (int i = 0; i < 3000 && !testing::Test::HasFatalFailure(); ++i)
    check(readText(mutate(whole)).samples);
}

static std::string benchText() {
  std::string levels;
  for (int t = minLevel; t <= maxLevel; ++t)
    levels += (levels.empty() ? "\"" : ", \"") + std::to_string(t) + "\": " + (t < -5 ? "false" : "true");
  std::string outputs = R"([{"dtype": "float32", "equal": false, "all_close": {)" + levels + "}}]";
  std::string comparison =
      R"({"baseline": "dense", "status": "ok", "speedup": {"e2e": 1.5}, "outputs": )" + outputs + "}";
  return "{\"schema_version\": 1, \"kind\": \"lacuna-bench\",\n \"entries\": [{\"name\": \"a\", \"comparisons\": [" +
         comparison + "]},\n {\"name\": \"b\", \"comparisons\": [" + comparison +
         R"(, {"baseline": "flex", "status": "compile_fail"}]}]})";
}

TEST(FuzzTest, benchResults) {
  Mutator mutate(2);
  int scored = 0;
  for (int i = 0; i < 5000 && !testing::Test::HasFatalFailure(); ++i) {
    Notes notes("x");
    runtime::Result<std::vector<Curve>> curves = readBenchResult(mutate(benchText()), "x", "x", notes);
    if (!curves.ok()) {
      ASSERT_FALSE(curves.status().message.empty());
      continue;
    }
    ++scored;
    for (const Curve &curve : *curves)
      check(curve.samples);
  }
  EXPECT_GT(scored, 100) << "most of the damage should not be in the syntax alone";
}
