// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The JSON contract: every key, in order, and null for what was not measured.
#include "Report.h"

#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace lacuna::run;
using Json = nlohmann::ordered_json;

static Report example() {
  Report report;
  report.entry = "f";
  report.device = "cpu";
  report.target = "x86-64-v4";
  report.schedule = "a\nb";
  report.dtype = LACUNA_BF16;
  report.shape = {1, 2, 3};
  report.seconds = {3e-3, 1e-3, 2e-3, 10e-3};
  return report;
}

static Json toTree(const Report &report) { return Json::parse(toJson(report)); }

TEST(ReportTest, allKeysInOrder) {
  std::vector<std::string> keys;
  const Json json = toTree(example());
  for (const auto &item : json.items())
    keys.push_back(item.key());
  EXPECT_EQ(keys, (std::vector<std::string>{"schema_version",
                                            "lacuna_version",
                                            "entry",
                                            "device",
                                            "target",
                                            "schedule",
                                            "dtype",
                                            "shape",
                                            "repeat",
                                            "seconds",
                                            "selection_seconds",
                                            "index_seconds",
                                            "compile_seconds",
                                            "density",
                                            "tiles",
                                            "tflops",
                                            "max_abs_error",
                                            "max_row_relative_error",
                                            "tolerance",
                                            "passed"}));
  EXPECT_EQ(json["seconds"].dump(), R"({"median":0.0025,"min":0.001,"max":0.01})");
  EXPECT_EQ(json["shape"].dump(), "[1,2,3]");
}

TEST(ReportTest, unmeasuredIsNull) {
  Json json = toTree(example());
  for (const char *key : {"selection_seconds", "index_seconds", "compile_seconds", "density", "tflops", "max_abs_error",
                          "max_row_relative_error", "tolerance", "passed"})
    EXPECT_TRUE(json[key].is_null()) << key;
  EXPECT_EQ(json["tiles"].dump(), R"({"total":null,"full":null,"partial":null,"empty":null})");
}

TEST(ReportTest, tiles) {
  Report report = example();
  auto tiles = [&](lacunaTileCounts counts) {
    report.counts = counts;
    Json json = toTree(report);
    return json["tiles"].dump() + " " + json["density"].dump();
  };
  EXPECT_EQ(tiles({3, 2, 10, 1, 1}), R"({"total":10,"full":3,"partial":2,"empty":5} null)");
  EXPECT_EQ(tiles({5, 0, 10, 1, 1}), R"({"total":10,"full":5,"partial":0,"empty":5} 0.5)");
  EXPECT_EQ(tiles({3, 2, -1, 1, 1}), R"({"total":null,"full":3,"partial":2,"empty":null} null)");
  EXPECT_EQ(tiles({3, 0, 10, 2, 1}), R"({"total":null,"full":null,"partial":null,"empty":null} null)");
  EXPECT_EQ(tiles({0, 0, 0, 1, 1}), R"({"total":0,"full":0,"partial":0,"empty":0} null)");
}

TEST(ReportTest, check) {
  Report report = example();
  report.check.emplace();
  Difference good, bad;
  good.maxAbsolute = 5;
  good.worst = 0.5;
  good.rule = {Rule::Rows, 1.0 / 128, 0};
  report.check->push_back({"o", good});
  EXPECT_TRUE(report.passed());
  EXPECT_EQ(toTree(report)["tolerance"], 1.0 / 128);
  bad.passed = false;
  bad.maxAbsolute = bad.maxRowRelative = bad.worst = INFINITY;
  bad.rule = {Rule::Statistics, 1e-5, 0};
  bad.position = {1, 2};
  report.check->push_back({"lse", bad});
  Json json = toTree(report);
  EXPECT_EQ(json["passed"], false);
  EXPECT_EQ(json["tolerance"], 1e-5);
  EXPECT_TRUE(json["max_abs_error"].is_null());
  EXPECT_NE(toText(report).find("check     FAIL lse: max_abs_error inf"), std::string::npos) << toText(report);
  EXPECT_NE(toText(report).find("worst at [1, 2]"), std::string::npos);
}

TEST(ReportTest, text) {
  Report report = example();
  report.arguments = {"q: 1x2x3xbf16", "window: 4"};
  report.counts = {3, 2, 10, 1, 1};
  EXPECT_EQ(toText(report), "entry     f(q: 1x2x3xbf16, window: 4)\n"
                            "target    x86-64-v4 on cpu\n"
                            "schedule  a\n"
                            "schedule  b\n"
                            "time      2.500 ms (median of 4, min 1.000 ms, max 10.000 ms)\n"
                            "tiles     5 visited of 10 (3 full, 2 partial)\n");
}

TEST(ReportTest, median) {
  EXPECT_EQ(summarize({3, 1, 2}).median, 2);
  EXPECT_EQ(summarize({4, 1, 2, 3}).median, 2.5);
  EXPECT_EQ(summarize({7}).max, 7);
}
