// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Logs that are wrong: what is counted and how, and that the line is named. GraphNet's scorer crashes on many of these,
// and counts some as correct.
#include "TestLogs.h"

#include <chrono>
#include <gtest/gtest.h>

using namespace lacuna::score;

TEST(BadLogTest, noSpeedup) {
  ReadLog log = readLines(without(goodLog(), "[Speedup]"));
  EXPECT_EQ(log.samples[0].status, SampleStatus::RuntimeFail);
  EXPECT_EQ(log.notes, "1: correct, but without an e2e speedup; counted as runtime_fail\n");
  log = readLines(replaced(goodLog(), "[e2e]", "[gpu]"));
  EXPECT_EQ(log.samples[0].status, SampleStatus::RuntimeFail);
}

TEST(BadLogTest, noEqual) {
  ReadLog log = readLines(without(goodLog(), "[equal]"));
  EXPECT_EQ(log.samples[0].statusAt(1), SampleStatus::Accuracy);
  EXPECT_FALSE(log.samples[0].correctFrom());
  EXPECT_EQ(log.notes, "1: no line [Correctness][equal] with flags, so no output was compared; correct at no level\n");
  // Nor with a line that has no flags, which is no field.
  log = readLines(replaced(goodLog(), "[equal]: 1", "[equal]:  "));
  EXPECT_FALSE(log.samples[0].correctFrom());
  log = readLines(replaced(goodLog(), "[equal]: 1", "[equal]: "));
  EXPECT_FALSE(log.samples[0].correctFrom());
}

TEST(BadLogTest, noTypesAndNoEqual) {
  ReadLog log = readLines({"[Processing] a", "all_close", "[DataType] match:True", "[Speedup][e2e]: 9"});
  EXPECT_EQ(log.samples[0].statusAt(1), SampleStatus::Accuracy);
}

TEST(BadLogTest, speedups) {
  for (const char *text :
       {"fast", "nan", "inf", "-inf", "-2.0", "0", "0.00000", "1.5x", "1e999", "1 2", "0x10", "--1", "2,5"}) {
    ReadLog log = readLines(replaced(goodLog(), "[e2e]: 2.00000", std::string("[e2e]: ") + text));
    EXPECT_EQ(log.samples[0].status, SampleStatus::RuntimeFail) << text;
    EXPECT_EQ(log.notes, std::string("22: [Speedup][e2e]: expects a finite number above 0, but got '") + text +
                             "'; ignored\n1: correct, but without an e2e speedup; counted as runtime_fail\n");
  }
  for (const char *text : {"1e-3", " 2.5 ", "7"})
    EXPECT_EQ(readLines(replaced(goodLog(), "2.00000", text)).notes, "") << text;
  // A good one is kept, and one that is not scored does no harm.
  EXPECT_EQ(readLines(with(goodLog(), {"[Speedup][e2e]: nan"})).samples[0].speedup, 2);
  ReadLog log = readLines(with(goodLog(), {"[Speedup][gpu]: nan"}));
  EXPECT_EQ(log.samples[0].status, SampleStatus::Correct);
  EXPECT_EQ(log.notes, "23: [Speedup][gpu]: expects a finite number above 0, but got 'nan'; ignored\n");
}

TEST(BadLogTest, fieldsWithoutValue) {
  ReadLog log = readLines(with(goodLog(), {"[Speedup][e2e] 3", "[Correctness][equal] 0", "[Datatype][eager]: "}));
  EXPECT_EQ(log.samples[0].speedup, 2);
  EXPECT_EQ(log.samples[0].correctFrom(), -10);
  EXPECT_EQ(log.notes, "23: expects [Speedup][NAME]: VALUE, but got '[Speedup][e2e] 3'; ignored\n"
                       "24: expects [Correctness][NAME]: VALUE, but got '[Correctness][equal] 0'; ignored\n"
                       "25: expects [Datatype][NAME]: VALUE, but got '[Datatype][eager]: '; ignored\n");
}

TEST(BadLogTest, unknownTolerances) {
  for (const char *key : {"all_close_atol_x_rtol_y", "all_close_atol_1.00E-05_rtol_1.00E-05", "all_close"}) {
    ReadLog log = readLines(with(goodLog(), {std::string("[Correctness][") + key + "]: 1"}));
    EXPECT_EQ(log.samples[0].correctFrom(), -10);
    EXPECT_EQ(log.notes, std::string("23: expects tolerances of a level, but got '") + key + "'; ignored\n");
  }
  // The level whose line does not parse has no flag.
  ReadLog log = readLines(replaced(goodLog(), "1.00E-05_rtol_1.30E-06", "1.00E-5_rtol_1.30E-6"));
  EXPECT_EQ(log.samples[0].correctFrom(), -4);
  EXPECT_EQ(log.notes, "11: expects tolerances of a level, but got 'all_close_atol_1.00E-5_rtol_1.30E-6'; ignored\n"
                       "1: no flag all_close for output 0 at t = -5; counted as 0\n");
}

TEST(BadLogTest, flags) {
  for (const char *flag : {"True", "2", "0.5", "nan", "1.0", "-1", "11"}) {
    ReadLog log = readLines(replaced(goodLog(), "rtol_1.30E-06]: 1", std::string("rtol_1.30E-06]: ") + flag));
    EXPECT_EQ(log.samples[0].correctFrom(), -4) << flag;
    EXPECT_EQ(log.notes, std::string("11: expects flags 0 or 1, but got '") + flag + "'; counted as 0\n");
  }
}

TEST(BadLogTest, missingLevels) {
  ReadLog log = readLines(without(without(goodLog(), "1.00E-10"), "1.00E-08"));
  EXPECT_EQ(log.samples[0].correctFrom(), -7);
  EXPECT_EQ(log.notes, "1: no flag all_close for output 0 at t = -10 and 1 more; counted as 0\n");
  EXPECT_EQ(readLines(without(goodLog(), "1.00E+05")).notes, "") << "above t = 1 nothing is judged";
}

TEST(BadLogTest, fewerFlagsThanOutputs) {
  Lines two = replaced(goodLog(), "float32", "float32 float32");
  ReadLog log = readLines(replaced(two, "[equal]: 1", "[equal]: 1 1"));
  EXPECT_FALSE(log.samples[0].correctFrom());
  EXPECT_EQ(log.notes, "6: no flag all_close for output 1 at t = -10 and 11 more; counted as 0\n");
  log = readLines(replaced(replaced(two, "]: 1", "]: 1 1"), "[equal]: 1 1", "[equal]: 1"));
  EXPECT_EQ(log.samples[0].correctFrom(), -10) << "all_close says it of both";
  EXPECT_EQ(log.notes, "5: expects 2 flags, one per output, but got 1; the missing ones count as 0\n");
  // An output that nothing is said of fails the sample, although GraphNet would not look at it.
  log = readLines(two);
  EXPECT_FALSE(log.samples[0].correctFrom());
}

TEST(BadLogTest, fewerTypesThanFlags) {
  ReadLog log = readLines(replaced(goodLog(), "]: 1", "]: 1 1"));
  EXPECT_EQ(log.samples[0].correctFrom(), -10) << "the output without a type is equal";
  EXPECT_EQ(log.notes, "1: expects 2 types in [Datatype][eager], but got 1; outputs without a type have to be equal\n");
  log = readLines(replaced(replaced(goodLog(), "]: 1", "]: 1 1"), "[equal]: 1 1", "[equal]: 1 0"));
  EXPECT_FALSE(log.samples[0].correctFrom());
}

TEST(BadLogTest, unknownTypes) {
  Lines lines = replaced(goodLog(), "float32", "quint4x2");
  EXPECT_EQ(readLines(lines).samples[0].correctFrom(), -10);
  lines = replaced(lines, "[equal]: 1", "[equal]: 0");
  EXPECT_FALSE(readLines(lines).samples[0].correctFrom()) << "all_close lines are not for it";
}

TEST(BadLogTest, noProcessing) {
  for (const std::string &text : {std::string(), joined(without(goodLog(), "[Processing]")), std::string("\n\n\n")}) {
    ReadLog log = readText(text);
    EXPECT_TRUE(log.samples.empty());
    EXPECT_EQ(log.notes, "-: no line with [Processing], so no samples\n");
  }
}

TEST(BadLogTest, noName) {
  for (const char *line : {"[Processing]", "> [Processing] ", "[Processing]x"}) {
    Lines lines = goodLog();
    lines[0] = line;
    ReadLog log = readLines(lines);
    ASSERT_EQ(log.samples.size(), 1u);
    EXPECT_EQ(log.samples[0].name, "");
    EXPECT_EQ(log.samples[0].status, SampleStatus::Correct);
    EXPECT_EQ(log.notes, std::string("1: expects [Processing] NAME, but got '") + line +
                             "'; counted as a sample without a name\n");
  }
}

TEST(BadLogTest, duplicates) {
  ReadLog log = readLines(with(goodLog(), goodLog()));
  EXPECT_EQ(log.samples.size(), 2u);
  EXPECT_EQ(log.notes, "23: 'models/good' is in line 1, too; both count\n");
}

TEST(BadLogTest, binary) {
  std::string junk;
  for (int i = 0; i < 100000; ++i)
    junk += char(i * 7 + i / 256);
  EXPECT_TRUE(readText(junk).samples.empty());
  ReadLog log = readText(joined(goodLog("a\0b")) + junk + "\n[Speedup][e2e]: \x01\xff\n");
  ASSERT_EQ(log.samples.size(), 1u);
  EXPECT_EQ(log.samples[0].speedup, 2);
  EXPECT_NE(log.notes.find("but got '?\xff'"), std::string::npos) << log.notes;
}

TEST(BadLogTest, hugeLines) {
  auto start = std::chrono::steady_clock::now();
  std::string many, flags;
  for (int i = 0; i < 300000; ++i) {
    many += "[Speedup][[Correctness][[Datatype][]: ";
    flags += " 1";
  }
  ReadLog log = readLines(with(goodLog(), {many, "[Correctness][max_diff]:" + flags, std::string(20000000, '['),
                                           "[Speedup][" + std::string(20000000, 'e') + "]: 1"}));
  EXPECT_EQ(log.samples[0].status, SampleStatus::Correct);
  log = readLines(replaced(goodLog(), "[equal]: 1", "[equal]:" + flags));
  EXPECT_FALSE(log.samples[0].correctFrom());
  EXPECT_EQ(log.notes.find("5: expects less than 65536 flags; counted as none\n1: no line [Correctness][equal]"), 0u)
      << log.notes;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30)) << "expects linear time";
}

TEST(BadLogTest, notesAreBounded) {
  Lines lines = goodLog();
  for (int i = 0; i < 1000; ++i)
    lines.push_back("[Speedup][e2e]: " + std::string(1000, 'x'));
  ReadLog log = readLines(lines);
  EXPECT_EQ(std::count(log.notes.begin(), log.notes.end(), '\n'), 101);
  EXPECT_NE(log.notes.find("-: 900 more are not listed\n"), std::string::npos);
  EXPECT_LT(log.notes.size(), 20000u);
}
