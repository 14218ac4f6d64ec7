// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The part of a lacuna-bench result that is scored.
#include "BenchResult.h"

#include "Score.h"

#include <cstring>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace lacuna;
using namespace lacuna::score;
using Json = nlohmann::json;

static Json levels(int from) {
  Json json;
  for (int t = minLevel; t <= maxLevel; ++t)
    json[std::to_string(t)] = t >= from;
  return json;
}

static Json comparison(const char *baseline, double speedup, int from) {
  return {{"baseline", baseline},
          {"status", "ok"},
          {"speedup", {{"e2e", speedup}}},
          {"outputs", {{{"dtype", "float32"}, {"equal", false}, {"all_close", levels(from)}, {"max_diff", 1e-6}}}}};
}

static Json bench(const Json &entries) {
  return {{"schema_version", 1}, {"kind", "lacuna-bench"}, {"machine", {{"cpu", "x"}}}, {"entries", entries}};
}

static Json oneEntry(const Json &comparison) {
  return bench(Json::array({{{"name", "window"}, {"comparisons", Json::array({comparison})}}}));
}

struct ReadBench {
  std::vector<Curve> curves;
  std::string notes;
};

static ReadBench read(const Json &json) {
  Notes notes("b.json");
  runtime::Result<std::vector<Curve>> curves = readBenchResult(json.dump(), "b.json", "b", notes);
  EXPECT_TRUE(curves.ok()) << curves.status().message;
  ReadBench result = {curves.ok() ? *curves : std::vector<Curve>(), ""};
  for (const Note &note : notes.take())
    result.notes += note.why + "\n";
  return result;
}

static std::string errorOf(const std::string &text) {
  Notes notes("b.json");
  runtime::Result<std::vector<Curve>> curves = readBenchResult(text, "b.json", "b", notes);
  EXPECT_FALSE(curves.ok()) << text;
  return curves.ok() ? "" : curves.status().message;
}

TEST(BenchResultTest, oneCurvePerBaseline) {
  ReadBench result = read(bench(
      {{{"name", "window"}, {"comparisons", {comparison("dense", 3, -6), comparison("flex", 0.5, -4)}}},
       {{"name", "causal"}, {"comparisons", {comparison("dense", 2, -5), comparison("flex", 1.5, 2)}}, {"seed", 7}}}));
  EXPECT_EQ(result.notes, "");
  ASSERT_EQ(result.curves.size(), 2u);
  EXPECT_EQ(result.curves[0].name, "b:dense");
  EXPECT_EQ(result.curves[1].name, "b:flex");
  ASSERT_EQ(result.curves[1].samples.size(), 2u);
  EXPECT_EQ(result.curves[1].samples[0].name, "window");
  EXPECT_EQ(result.curves[1].samples[0].speedup, 0.5);
  EXPECT_EQ(result.curves[1].samples[0].correctFrom(), -4);
  EXPECT_FALSE(result.curves[1].samples[1].correctFrom());
}

TEST(BenchResultTest, statuses) {
  for (const char *name : {"compile_fail", "runtime_fail", "shape_mismatch", "type_mismatch", "eager_fail"}) {
    ReadBench result = read(oneEntry({{"baseline", "dense"}, {"status", name}}));
    EXPECT_STREQ(statusName(result.curves.at(0).samples.at(0).status), name);
    EXPECT_EQ(result.notes, "");
  }
  for (const Json &status : {Json("correct"), Json(3), Json()}) {
    Json wrong = comparison("dense", 2, -5);
    wrong["status"] = status;
    ReadBench result = read(oneEntry(wrong));
    EXPECT_EQ(result.curves.at(0).samples.at(0).status, SampleStatus::RuntimeFail);
    EXPECT_EQ(result.notes, "entries[0].comparisons[0].status: expects one of ok, compile_fail, runtime_fail, "
                            "shape_mismatch, type_mismatch, eager_fail, but got '" +
                                status.dump() + "'; counted as runtime_fail\n");
  }
}

TEST(BenchResultTest, speedups) {
  for (const Json &speedup : {Json("2"), Json(0), Json(-1), Json(true)}) {
    Json wrong = comparison("dense", 2, -5);
    wrong["speedup"]["e2e"] = speedup;
    ReadBench result = read(oneEntry(wrong));
    EXPECT_EQ(result.curves.at(0).samples.at(0).status, SampleStatus::RuntimeFail);
    EXPECT_EQ(result.notes.find("entries[0].comparisons[0].speedup.e2e: expects a finite number above 0"), 0u);
  }
  Json none = comparison("dense", 2, -5);
  none.erase("speedup");
  ReadBench result = read(oneEntry(none));
  EXPECT_EQ(result.notes, "entries[0].comparisons[0]: correct, but without an e2e speedup; counted as runtime_fail\n");
}

TEST(BenchResultTest, outputs) {
  Json none = comparison("dense", 2, -5);
  none["outputs"] = Json::array();
  ReadBench result = read(oneEntry(none));
  EXPECT_EQ(result.curves.at(0).samples.at(0).statusAt(1), SampleStatus::Accuracy);
  EXPECT_EQ(result.notes, "entries[0].comparisons[0].outputs: expects at least one output, but nothing was compared; "
                          "correct at no level\n");
  Json gaps = comparison("dense", 2, -10);
  gaps["outputs"][0]["all_close"].erase("-9");
  gaps["outputs"][0]["all_close"]["-7"] = 1;
  result = read(oneEntry(gaps));
  EXPECT_EQ(result.curves.at(0).samples.at(0).correctFrom(), -6);
  EXPECT_EQ(result.notes, "entries[0].comparisons[0].outputs[0].all_close: expects true or false at every level, but "
                          "has neither at -9, -7; counted as false\n");
  Json odd = comparison("dense", 2, -10);
  odd["outputs"] = {3, {{"dtype", "int64"}, {"equal", "yes"}}};
  result = read(oneEntry(odd));
  EXPECT_FALSE(result.curves.at(0).samples.at(0).correctFrom());
  EXPECT_NE(result.notes.find("outputs[1].equal: expects true or false, but got '\"yes\"'; counted as false"),
            std::string::npos);
}

TEST(BenchResultTest, entriesThatSayNothing) {
  ReadBench result = read(bench({3, {{"name", "a"}}, {{"name", "b"}, {"comparisons", {{{"status", "ok"}}}}}}));
  EXPECT_TRUE(result.curves.empty());
  EXPECT_EQ(result.notes, "entries[0].comparisons: expects at least one comparison with a baseline; ignored\n"
                          "entries[1].comparisons: expects at least one comparison with a baseline; ignored\n"
                          "entries[2].comparisons[0].baseline: expects a name; ignored\n");
}

TEST(BenchResultTest, fewerSamplesThanEntries) {
  Json entries = {{{"name", "a"}, {"comparisons", {comparison("dense", 3, -6), comparison("flex", 3, -6)}}},
                  {{"name", "a"}, {"comparisons", {comparison("dense", 3, -6)}}}};
  EXPECT_EQ(read(bench(entries)).notes, "entries[1].comparisons[0]: 'a' is in 'b:dense' more than once; all count\n"
                                        "entries: 'b:flex' has 1 of 2; the others do not count in it\n");
}

TEST(BenchResultTest, otherFiles) {
  EXPECT_EQ(errorOf("{\n\"a\": 1,\n oops}").find("b.json:3: expects JSON: "), 0u) << errorOf("{\n\"a\": 1,\n oops}");
  EXPECT_EQ(errorOf("{\"speedup\": 1e999}").find("b.json:1: expects JSON: "), 0u);
  EXPECT_EQ(errorOf("").find("b.json:1: expects JSON: "), 0u);
  EXPECT_EQ(errorOf("[1]"), "b.json:1: \"kind\": expects \"lacuna-bench\", but got 'null'");
  EXPECT_EQ(errorOf(R"({"kind": "other"})"), "b.json:1: \"kind\": expects \"lacuna-bench\", but got '\"other\"'");
  EXPECT_EQ(errorOf(R"({"kind": "lacuna-bench", "schema_version": 2})"),
            "b.json:1: \"schema_version\": expects 1, but got '2'");
  EXPECT_EQ(errorOf(R"({"kind": "lacuna-bench", "schema_version": 1, "entries": {}})"),
            "b.json:1: \"entries\": expects a list, but got an object");
}

TEST(BenchResultTest, nestedWithoutEnd) {
  constexpr size_t depth = 1000000;
  std::string deep = std::string(depth, '[') + std::string(depth, ']');
  EXPECT_NE(errorOf(std::string(depth, '[')), "");
  EXPECT_EQ(errorOf("{\"kind\": " + deep + "}"), "b.json:1: \"kind\": expects \"lacuna-bench\", but got a list");
  std::string text = oneEntry(comparison("dense", 2, -5)).dump();
  for (const char *member : {"\"ok\"", "2.0", "false", "\"float32\"", "\"dense\"", "\"window\""}) {
    std::string broken = text;
    ASSERT_NE(broken.find(member), broken.npos) << member;
    broken.replace(broken.find(member), std::strlen(member), deep);
    Notes notes("b.json");
    ASSERT_TRUE(readBenchResult(broken, "b.json", "b", notes).ok()) << member;
    EXPECT_FALSE(notes.take().empty()) << member;
  }
}

TEST(BenchResultTest, looksLikeJson) {
  EXPECT_TRUE(isJson(" \n{\"a\": 1}\n"));
  EXPECT_FALSE(isJson("{\"a\": 1}\n[Processing] x"));
  EXPECT_FALSE(isJson("[Processing] x"));
  EXPECT_FALSE(isJson(""));
}
