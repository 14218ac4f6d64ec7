// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The grammar of a log that a harness writes, and the order in which the status is decided.
#include "TestLogs.h"

#include "LogLines.h"

#include <gtest/gtest.h>

using namespace lacuna::score;

static SampleStatus statusOf(const Lines &lines) {
  ReadLog log = readLines(lines);
  EXPECT_EQ(log.samples.size(), 1u);
  return log.samples.at(0).status;
}

TEST(GraphNetLogTest, good) {
  ReadLog log = readLines(goodLog());
  ASSERT_EQ(log.samples.size(), 1u);
  const Sample &sample = log.samples[0];
  EXPECT_EQ(sample.name, "models/good");
  EXPECT_EQ(sample.status, SampleStatus::Correct);
  EXPECT_EQ(sample.speedup, 2);
  EXPECT_EQ(sample.correctFrom(), -10);
  ASSERT_EQ(sample.outputs.size(), 1u);
  EXPECT_EQ(sample.outputs[0].dtype, "float32");
  EXPECT_TRUE(sample.outputs[0].equal);
  EXPECT_EQ(log.notes, "");
}

TEST(GraphNetLogTest, statusOrder) {
  Lines good = goodLog(), error = {"RuntimeError: boom"};
  Lines noClose = without(good, "all_close");
  // From the last decision to the first, each with everything wrong that is asked about later.
  EXPECT_EQ(statusOf(with(good, error)), SampleStatus::RuntimeFail);
  EXPECT_EQ(statusOf(with(replaced(good, "match:True", "match:False"), error)), SampleStatus::TypeMismatch);
  EXPECT_EQ(statusOf(with(replaced(noClose, "match:True", "match:False"), error)), SampleStatus::ShapeMismatch);
  EXPECT_EQ(statusOf(with(without(noClose, "[Datatype][compiled]"), error)), SampleStatus::CompileFail);
  EXPECT_EQ(statusOf(with(without(noClose, "[Datatype][eager]"), error)), SampleStatus::EagerFail);
  EXPECT_EQ(statusOf({good[0]}), SampleStatus::EagerFail);
  EXPECT_EQ(statusOf({good[0], good[1]}), SampleStatus::CompileFail);
}

TEST(GraphNetLogTest, shapeMarker) {
  Lines noClose = without(goodLog(), "all_close");
  EXPECT_EQ(statusOf(with(noClose, {"[Shape] eager:[1] compiled:[1] match:True"})), SampleStatus::Correct);
  EXPECT_EQ(statusOf(with(noClose, {"[Shape] eager:[1] compiled:[2] match:False"})), SampleStatus::ShapeMismatch);
}

/// A line with all_close stands for eager, compiled and shape, whatever else is missing; but not for the types.
TEST(GraphNetLogTest, allCloseIsAMarker) {
  Lines bare = without(goodLog(), "[Datatype]");
  EXPECT_EQ(statusOf(without(bare, "[DataType]")), SampleStatus::TypeMismatch);
  EXPECT_EQ(statusOf({"[Processing] a", "chatter about all_close", "[DataType] match:True"}), SampleStatus::Correct);
}

TEST(GraphNetLogTest, errorWordsAnywhere) {
  for (const char *line : {"Exception: x", "ValueError: x", "a warning with Error: in it", "[Config] note: MyError: 1"})
    EXPECT_EQ(statusOf(with(goodLog(), {line})), SampleStatus::RuntimeFail) << line;
  for (const char *line : {"Error", "an error: small", "Exception", "Errors: 3"})
    EXPECT_EQ(statusOf(with(goodLog(), {line})), SampleStatus::Correct) << line;
}

TEST(GraphNetLogTest, severalSamples) {
  Lines second = replaced(goodLog("path with/spaces last"), "2.00000", "0.5");
  ReadLog log = readLines(with(with({"head Error: dropped", "[Speedup][e2e]: 7"}, goodLog("one")), second));
  ASSERT_EQ(log.samples.size(), 2u);
  EXPECT_EQ(log.samples[0].status, SampleStatus::Correct);
  EXPECT_EQ(log.samples[0].name, "one");
  EXPECT_EQ(log.samples[1].name, "last");
  EXPECT_EQ(log.samples[1].speedup, 0.5);
}

TEST(GraphNetLogTest, prompts) {
  EXPECT_EQ(statusOf(replaced(goodLog(), "> ", "")), SampleStatus::Correct);
  EXPECT_EQ(statusOf(replaced(goodLog(), "> ", "2026-01-01 [INFO] ")), SampleStatus::Correct);
}

TEST(GraphNetLogTest, lineEnds) {
  for (const char *end : {"\n", "\r\n", "\r"}) {
    ReadLog log = readText(joined(goodLog(), end));
    ASSERT_EQ(log.samples.size(), 1u);
    EXPECT_EQ(log.samples[0].correctFrom(), -10);
    EXPECT_EQ(log.samples[0].speedup, 2);
  }
  std::string text = joined(goodLog());
  text.pop_back(); // no end at all
  EXPECT_EQ(readText(text).samples[0].speedup, 2);
}

/// Lines are counted as editors do, cut as Python does.
TEST(GraphNetLogTest, progressBars) {
  LogLines lines("a\r10%\r100%\n\r\nb\n\nc");
  std::string seen;
  for (std::string_view line; lines.next(line);)
    seen += std::to_string(lines.number()) + "=" + std::string(line) + ";";
  EXPECT_EQ(seen, "1=a;1=10%;1=100%;2=;3=b;4=;5=c;");
  Lines bar = replaced(goodLog(), "> [Correctness][equal]", "10%|## | 3/30\r> [Correctness][equal]");
  EXPECT_EQ(statusOf(bar), SampleStatus::Correct);
}

TEST(GraphNetLogTest, severalOutputs) {
  Lines lines = replaced(goodLog(), "float32", "float32 int64");
  lines = replaced(replaced(lines, "]: 1", "]: 1 0"), "[equal]: 1 0", "[equal]: 0 1");
  EXPECT_EQ(readLines(lines).samples[0].correctFrom(), -10) << "the int64 output is judged by [equal] alone";
  lines = replaced(lines, "[equal]: 0 1", "[equal]: 0 0");
  EXPECT_FALSE(readLines(lines).samples[0].correctFrom());
}

TEST(GraphNetLogTest, bothTypesWithFormulas) {
  Lines lines = replaced(goodLog(), "float32", "float32 float64");
  lines = replaced(lines, "]: 1", "]: 1 1");
  for (int t = minLevel; t <= maxLevel; ++t)
    lines.push_back("[Correctness][" + allCloseKey(Formula::Float64, t) + "]: 0 " + (t >= -3 ? "1" : "0"));
  // At t = 0 both formulas have the same key, and the last line of it counts, which has 0 for the float32 output.
  EXPECT_EQ(readLines(lines).samples[0].correctFrom(), 1);
  lines = replaced(lines, "atol_1.00E+00_rtol_1.00E+00]: 0 1", "atol_1.00E+00_rtol_1.00E+00]: 1 1");
  EXPECT_EQ(readLines(lines).samples[0].correctFrom(), -3);
}

TEST(GraphNetLogTest, lastSpeedupCounts) {
  ReadLog log = readLines(with(goodLog(), {"[Speedup][e2e]: 3", "[Speedup][gpu]: 9", "[Speedup][kernel]: 8"}));
  EXPECT_EQ(log.samples[0].speedup, 3);
  EXPECT_EQ(log.notes, "");
}

TEST(GraphNetLogTest, storedOnlyLines) {
  ReadLog log =
      readLines(with(goodLog(), {"[Config] seed: 1 [Speedup][e2e]: 5", "[Correctness][max_diff]: nan 1e-3",
                                 "[Performance][eager]: {\"e2e\": {\"median\": 1}}", "[Result] status: failed"}));
  EXPECT_EQ(log.samples[0].status, SampleStatus::Correct);
  EXPECT_EQ(log.samples[0].speedup, 2);
  EXPECT_EQ(log.notes, "");
}

TEST(GraphNetLogTest, fields) {
  auto text = [](std::optional<Field> field) {
    return field ? std::string(field->key) + "=" + std::string(field->value) : "none";
  };
  EXPECT_EQ(text(findField("x [T][key]: value ", "[T]")), "key=value ");
  EXPECT_EQ(text(findField("[T][bad key]: 1 [T][good]: 2", "[T]")), "good=2");
  EXPECT_EQ(text(findField("[T][key]: ", "[T]")), "none");
  EXPECT_EQ(text(findField("[T][]: 1", "[T]")), "none");
  EXPECT_EQ(text(findLongField("x [T][a.b-c]: 1 0", "[T]")), "a.b-c=1 0");
  EXPECT_EQ(text(findLongField("[T][a]: [b]: 1", "[T]")), "a]: [b=1");
  EXPECT_EQ(text(findLongField("[T][a]: ", "[T]")), "none");
  EXPECT_EQ(text(findLongField("]: 1 [T][a", "[T]")), "none");
  EXPECT_EQ(text(findLongField("", "[T]")), "none");
}
