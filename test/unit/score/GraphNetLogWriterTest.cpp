// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is written reads back as the same samples with the same scores, for every status.
#include "GraphNetLogWriter.h"
#include "Score.h"
#include "TestLogs.h"

#include <gtest/gtest.h>

using namespace lacuna::score;

static constexpr SampleStatus statuses[] = {SampleStatus::Correct,      SampleStatus::RuntimeFail,
                                            SampleStatus::TypeMismatch, SampleStatus::ShapeMismatch,
                                            SampleStatus::CompileFail,  SampleStatus::EagerFail};

static void expectSame(const std::vector<Sample> &a, const std::vector<Sample> &b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].name, b[i].name);
    EXPECT_STREQ(statusName(a[i].status), statusName(b[i].status));
    EXPECT_EQ(a[i].speedup, b[i].speedup) << a[i].name;
    for (int t = minLevel; t <= maxLevel; ++t)
      EXPECT_EQ(a[i].isCorrect(t), b[i].isCorrect(t)) << a[i].name << " at " << t;
  }
}

static void expectSameScores(const std::vector<Sample> &a, const std::vector<Sample> &b) {
  for (Interpretation interpretation :
       {Interpretation::Default, Interpretation::Paper, Interpretation::MismatchExtended}) {
    auto left = computeScore(a, {0.1, 0.1, interpretation}), right = computeScore(b, {0.1, 0.1, interpretation});
    ASSERT_TRUE(left.ok() && right.ok());
    for (size_t i = 0; i < left->levels.size(); ++i)
      EXPECT_EQ(left->levels[i].es, right->levels[i].es);
  }
}

TEST(GraphNetLogWriterTest, roundTripOfEveryStatus) {
  for (SampleStatus status : statuses)
    for (bool hasOutputs : {false, true}) {
      std::vector<Sample> samples = {failed("a", status)};
      if (hasOutputs)
        samples[0].outputs = {outputWithError(1e-5), outputWithError(0, "int64"), outputWithError(1e-3, "bfloat16")};
      samples[0].speedup = hasOutputs ? std::optional<double>(1.2345678901234567) : std::nullopt;
      std::vector<Sample> once = readText(writeGraphNetLog(samples)).samples;
      expectSame(samples, once);
      ReadLog twice = readText(writeGraphNetLog(once));
      expectSame(once, twice.samples);
      expectSameScores(samples, twice.samples);
      EXPECT_EQ(twice.notes, "") << statusName(status);
    }
}

TEST(GraphNetLogWriterTest, roundTripOfExamples) {
  for (const std::vector<Sample> &samples : {exampleA(), exampleB(), exampleC()})
    expectSameScores(samples, readText(writeGraphNetLog(samples)).samples);
  Lines good = goodLog();
  std::vector<Sample> read = readLines(with(good, with(goodLog("other"), {"RuntimeError: boom"}))).samples;
  expectSame(read, readText(writeGraphNetLog(read)).samples);
}

TEST(GraphNetLogWriterTest, everythingOfAGoodSample) {
  Sample sample = sampleWithError("models/a", 1.5, 1e-4);
  std::string text = writeGraphNetLog({sample}, {{"hardware", "CPU"}, {"compiler", "lacuna"}});
  size_t allClose = 0;
  for (size_t at = text.find("[Correctness][all_close_atol_"); at != text.npos;
       at = text.find("[all_close_atol_", at + 20))
    ++allClose;
  EXPECT_EQ(allClose, 64u);
  for (const char *line : {"[Processing] models/a\n", "[Config] hardware: CPU\n", "[Config] compiler: lacuna\n",
                           "[Datatype][eager]: float32\n", "[Datatype][compiled]: float32\n",
                           "[DataType] eager:['float32'] compiled:['float32'] match:True\n",
                           "[Correctness][equal]: 0\n", "[Correctness][all_close_atol_1.00E-04_rtol_1.96E-05]: 1\n",
                           "[Correctness][all_close_atol_1.00E-05_rtol_1.30E-06]: 0\n", "[Result] status: success\n",
                           "[Speedup][e2e]: 1.5\n"})
    EXPECT_NE(text.find(std::string("graph-net-test-compiler-log ") + line), text.npos) << line;
}

/// A scorer that keeps the last of the four lines at t = 0 finds the flag of the output's own type there.
TEST(GraphNetLogWriterTest, levelZeroIsTheOutputsOwn) {
  Sample sample = sampleWithError("a", 2, 0);
  sample.outputs[0].allClose = {}; // nothing is known of other types
  for (int t = minLevel; t <= maxLevel; ++t)
    sample.outputs[0].setClose(Formula::Float32, t, true);
  expectSame({sample}, readText(writeGraphNetLog({sample})).samples);
}

TEST(GraphNetLogWriterTest, equalIsNeverOmitted) {
  Sample sample = failed("a", SampleStatus::Correct);
  sample.speedup = 3;
  std::string text = writeGraphNetLog({sample});
  EXPECT_NE(text.find("[Correctness][equal]: 0\n"), text.npos);
  EXPECT_FALSE(readText(text).samples[0].correctFrom());
}

TEST(GraphNetLogWriterTest, namesCannotForge) {
  for (const char *name : {"a b", "[Processing] x", "all_close", "ValueError: x", "Exception:", "a\n[Speedup][e2e]: 9",
                           "[Datatype][eager]", "", "[Shape]match:True", "[DataType]match:True"}) {
    Sample good = sampleWithError(name, 2, 1e-4), bad = failed(name, SampleStatus::EagerFail);
    good.failure = bad.failure = name;
    std::vector<Sample> read = readText(writeGraphNetLog({good, bad}, {{name, name}})).samples;
    ASSERT_EQ(read.size(), 2u) << name;
    EXPECT_EQ(read[0].status, SampleStatus::Correct) << name;
    EXPECT_EQ(read[0].speedup, 2) << name;
    EXPECT_EQ(read[0].correctFrom(), -4) << name;
    EXPECT_EQ(read[1].status, SampleStatus::EagerFail) << name;
  }
}

TEST(GraphNetLogWriterTest, smallSpeedupsSurvive) {
  for (double speedup : {1e-9, 1.0 / 3, 12345678.9, 1e300})
    EXPECT_EQ(readText(writeGraphNetLog({sampleWithError("a", speedup, 0)})).samples[0].speedup, speedup);
}

TEST(GraphNetLogWriterTest, nothing) { EXPECT_EQ(writeGraphNetLog({}), ""); }
