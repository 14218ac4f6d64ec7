// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The JSON contract, key by key, and the text.
#include "ScoreReport.h"

#include "TestSamples.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace lacuna;
using namespace lacuna::score;
using Json = nlohmann::ordered_json;

static ScoredCurve scored(const std::vector<Sample> &samples, Interpretation interpretation = Interpretation::Default) {
  ScoreOptions options = {0.1, 0.1, interpretation};
  return {{"curve", samples, {{"x.log", 7, "odd"}, {"x.log", std::nullopt, "odder"}}},
          options,
          *computeScore(samples, options)};
}

static Json tree(const std::vector<ScoredCurve> &curves) { return Json::parse(toJson(curves)); }

static std::string keysOf(const Json &json) {
  std::string keys;
  for (const auto &item : json.items())
    keys += item.key() + " ";
  return keys;
}

TEST(ScoreReportTest, allKeysInOrder) {
  Json json = tree({scored(exampleB())});
  EXPECT_EQ(keysOf(json), "schema_version lacuna_version curve p b interpretation S ES aggregate aggregate_undefined "
                          "parameters samples ignored ");
  const char *levels = "-10 -9 -8 -7 -6 -5 -4 -3 -2 -1 0 1 2 3 4 ";
  EXPECT_EQ(keysOf(json["S"]), levels);
  EXPECT_EQ(keysOf(json["ES"]), levels);
  EXPECT_EQ(keysOf(json["parameters"]), levels);
  EXPECT_EQ(keysOf(json["parameters"]["2"]), "lambda alpha beta eta gamma pi ");
  EXPECT_EQ(json["parameters"]["2"]["pi"].dump(), R"({"1":0.25,"2":0.5,"3":0.25})");
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_EQ(json["lacuna_version"], LACUNA_VERSION);
  EXPECT_EQ(json["curve"], "curve");
  EXPECT_EQ(json["p"], 0.1);
  EXPECT_EQ(json["b"], 0.1);
  EXPECT_EQ(json["interpretation"], "default");
  EXPECT_EQ(json["ignored"].dump(),
            R"([{"file":"x.log","line":7,"why":"odd"},{"file":"x.log","line":null,"why":"odder"}])");
}

TEST(ScoreReportTest, undefinedIsNull) {
  Json json = tree({scored(exampleA())});
  for (int t = minLevel; t <= 4; ++t)
    EXPECT_EQ(json["S"][std::to_string(t)].is_null(), t > 0) << t;
  EXPECT_NEAR(json["ES"]["0"].get<double>(), 0.611642, 1e-6);
  EXPECT_NEAR(json["aggregate"].get<double>(), -0.224627, 1e-6);
  EXPECT_TRUE(json["aggregate_undefined"].is_null());
  Json extended = tree({scored(exampleA(), Interpretation::MismatchExtended)});
  EXPECT_EQ(extended["ES"].size(), 16u);
  EXPECT_TRUE(extended["aggregate"].is_null());
  EXPECT_EQ(extended["aggregate_undefined"], "its weights are for exactly the levels -10..4");
  Json empty = tree({scored({})});
  EXPECT_TRUE(empty["ES"]["-10"].is_null());
  EXPECT_TRUE(empty["parameters"]["0"]["pi"]["1"].is_null());
  EXPECT_EQ(empty["aggregate_undefined"], "no samples");
  EXPECT_EQ(empty["samples"].dump(), "[]");
}

TEST(ScoreReportTest, samples) {
  std::vector<Sample> samples = exampleB();
  samples.push_back(failed("not\xffutf8", SampleStatus::EagerFail));
  Json json = tree({scored(samples)})["samples"];
  EXPECT_EQ(json[0].dump(), R"({"name":"a","status":"correct","speedup":2.0,"correct_from":-10})");
  EXPECT_EQ(json[1]["correct_from"], -5);
  EXPECT_EQ(json[2].dump(), R"({"name":"c","status":"accuracy","speedup":3.0,"correct_from":null})");
  EXPECT_EQ(json[3].dump(), R"({"name":"d","status":"runtime_fail","speedup":1.2,"correct_from":null})");
  EXPECT_EQ(json[4].dump(), R"({"name":"e","status":"compile_fail","speedup":null,"correct_from":null})");
  EXPECT_EQ(json[5]["status"], "type_mismatch");
  EXPECT_EQ(json[6]["status"], "eager_fail");
}

TEST(ScoreReportTest, severalCurves) {
  Json json = tree({scored(exampleA()), scored(exampleB())});
  EXPECT_EQ(keysOf(json), "curves ");
  ASSERT_EQ(json["curves"].size(), 2u);
  EXPECT_NEAR(json["curves"][1]["ES"]["4"].get<double>(), 1.077469, 1e-6);
}

TEST(ScoreReportTest, text) {
  std::string text = toText(scored(exampleA()));
  for (const char *part :
       {"curve           curve\n", "samples         4\n", "p = 0.1 for slowdowns, b = 0.1 for failures\n",
        "interpretation  default\n", "aggregate       -0.224627\n",
        "   0   0.611642   0.611642   0.750000   1.144714   0.500000   0.333333   0.100000\n",
        "   3          -   1.087670   0.750000   1.144714   0.500000   0.333333   1.000000\n",
        "compile_fail            -             -  d\n", "correct          1.500000            -4  c\n",
        "notes           2, on what"})
    EXPECT_NE(text.find(part), text.npos) << part << "\n" << text;
  text = toText(scored({}));
  EXPECT_NE(text.find("samples         no samples\n"), text.npos);
  EXPECT_NE(text.find("aggregate       undefined: no samples\n"), text.npos);
}

TEST(ScoreReportTest, controlCharactersStayOut) {
  EXPECT_EQ(toText(scored({failed("a\033[2Jb", SampleStatus::EagerFail)})).find('\033'), std::string::npos);
}
