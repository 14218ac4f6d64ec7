// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Document.h"
#include "Progress.h"

#include <gtest/gtest.h>

using namespace lacuna::bench;

TEST(Document, FileNames) {
  EXPECT_EQ(fileName("smoke"), "smoke");
  EXPECT_EQ(fileName("a b/c:d"), "a_b_c_d");
  EXPECT_EQ(fileName("../x"), "_.._x");
  EXPECT_EQ(fileName(""), "_");
}

TEST(Document, TableOfAnythingIsNoCrash) {
  for (
      const char *text :
      {"{}", R"({"entries": []})", R"({"entries": [{}, {"name": "x", "comparisons": [{}]}]})",
       R"({"entries": [{"comparisons": [{"baseline": "d", "status": "ok"}], "sides": {"ours": {"tiles": {"full": 1, "partial": 2}}}}]})"})
    EXPECT_NE(makeTable(Json::parse(text)).find("| entry |"), std::string::npos) << text;
}

TEST(Document, TableShowsWhatMatters) {
  Json result = Json::parse(R"({"suite": "s", "entries": [
    {"name": "good", "status": "ok", "dtype": "f32", "fluctuating": true,
     "sides": {"ours": {"seconds": {"median": 0.002}, "passed": true, "max_row_relative_error": 1e-6, "compile_seconds": 0.5,
                        "tiles": {"total": 10, "full": 1, "partial": 2}}},
     "quality": {"density": 0.25, "over_attention": 1.2, "softmax_mass_kept": 0.9},
     "comparisons": [{"baseline": "d", "status": "ok", "speedup": {"e2e": 1.5}, "outputs": [{"all_close": {"-4": true, "-3": true}}]},
                     {"baseline": "e", "status": "eager_fail"}]},
    {"name": "bad", "status": "runtime_fail", "comparisons": [{"baseline": "d", "status": "runtime_fail"}]}]})");
  std::string table = makeTable(result);
  EXPECT_NE(
      table.find("| good | f32 | 2.000 ~ | 1.50 (-4) | eager_fail | 1e-06 | 3 / 10 | 0.250 | 1.20 | 0.900 | 0.50 |"),
      std::string::npos)
      << table;
  EXPECT_NE(table.find("| bad | - | runtime_fail | runtime_fail |  | - |"), std::string::npos) << table;
}

TEST(Progress, Durations) {
  EXPECT_EQ(durationText(0.2), "0 s");
  EXPECT_EQ(durationText(99), "99 s");
  EXPECT_EQ(durationText(150), "3 min");
  EXPECT_EQ(durationText(2 * 3600), "2 h 0 min");
}

TEST(Progress, LinesWhereLinesStay) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Progress progress(os, /*terminal=*/false, 2);
  progress.begin("a");
  progress.end("a", "1 ms", true);
  progress.begin("b");
  progress.end("b", "2 ms", true);
  EXPECT_EQ(text, "[1/2] a: 1 ms; about 0 s left\n[2/2] b: 2 ms\n");
}

TEST(Progress, OneLineOnATerminal) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Progress progress(os, /*terminal=*/true, 2);
  progress.begin("a");
  progress.end("a", "1 ms", true);
  progress.begin("b");
  progress.close();
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_NE(text.find("[############............] 1/2  about 0 s left  b"), std::string::npos) << text;
}
