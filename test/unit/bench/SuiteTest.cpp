// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Suite.h"

#include <gtest/gtest.h>

using namespace lacuna::bench;

static Suite parse(const std::string &rest, const SuiteOptions &options = {}) {
  std::vector<std::string> problems;
  std::optional<Suite> suite = parseSuite(R"({"schema_version": 1, "kind": "lacuna-bench-suite", )" + rest + "}",
                                          "folder/file.json", options, problems);
  EXPECT_TRUE(problems.empty()) << problems.front();
  return suite.value_or(Suite());
}

static Entry entry(const std::string &members, const SuiteOptions &options = {}) {
  return parse(R"("entries": [{"name": "e", )" + members + "}]", options).entries.at(0);
}

TEST(Suite, Defaults) {
  Suite suite = parse(R"("entries": [{"name": "e", "program": "p.mlir"}])");
  EXPECT_EQ(suite.name, "file");
  EXPECT_EQ(suite.folder, "folder");
  const Entry &e = suite.entries.at(0);
  EXPECT_EQ(e.ours.trials, 5);
  EXPECT_EQ(e.ours.warmup, 3);
  EXPECT_EQ(e.ours.timeout, 120);
  EXPECT_EQ(e.layout, "bhsd");
  EXPECT_EQ(e.lse, "");
  EXPECT_FALSE(e.approximate);
  ASSERT_EQ(e.baselines.size(), 2u);
  EXPECT_EQ(e.baselines[0].kind, SideKind::Dense);
  EXPECT_TRUE(e.baselines[0].dropMasks);
  EXPECT_EQ(e.baselines[0].program.path, "p.mlir");
  EXPECT_EQ(e.baselines[0].trials, 5);
  EXPECT_EQ(e.baselines[1].kind, SideKind::Reference);
  EXPECT_EQ(e.baselines[1].trials, 1);
  EXPECT_EQ(e.baselines[1].warmup, 0);
}

TEST(Suite, DefaultsOfTheSuiteAreReplacedAsAWhole) {
  Suite suite = parse(R"("defaults": {"program": "d.mlir", "trials": 7, "baselines": ["dense"], "note": "n"},
      "entries": [{"name": "a"}, {"name": "b", "trials": 2, "baselines": ["sdpa", "flex"]}, {"name": "c", "attention": {"queries": 1}}])");
  EXPECT_EQ(suite.entries[0].program.path, "d.mlir");
  EXPECT_EQ(suite.entries[0].ours.trials, 7);
  EXPECT_EQ(suite.entries[0].note, "n");
  EXPECT_EQ(suite.entries[1].ours.trials, 2);
  ASSERT_EQ(suite.entries[1].baselines.size(), 2u);
  EXPECT_EQ(suite.entries[1].baselines[1].name, "flex");
  EXPECT_EQ(suite.entries[1].baselines[1].trials, 2);
  EXPECT_EQ(suite.entries[2].program.path, "<attention>"); // not both
}

TEST(Suite, ArgumentsAreTexts) {
  Entry e = entry(
      R"("program": "p", "entry": "f", "arguments": {"q": "randn:1x2xf32:1", "n": 5, "x": 0.5, "cu": [0, 3, [1]]})");
  EXPECT_EQ(e.program.entry, "f");
  EXPECT_EQ(e.program.arguments, (std::vector<std::string>{"q=randn:1x2xf32:1", "n=5", "x=0.5", "cu=[0,3,[1]]"}));
}

TEST(Suite, KindsOfBaselines) {
  Entry e = entry(
      R"("program": "p", "baselines": ["torch_compile", {"name": "mine", "python": "a.b:c", "trials": 9, "timeout_seconds": 0.5},
      {"name": "older", "program": "o", "entry": "g", "arguments": {"n": 1}}, {"name": "sdpa", "warmup": 0}, {"name": "reference", "trials": 3}])");
  ASSERT_EQ(e.baselines.size(), 5u);
  EXPECT_EQ(e.baselines[0].kind, SideKind::Torch);
  EXPECT_EQ(e.baselines[1].kind, SideKind::Python);
  EXPECT_EQ(e.baselines[1].function, "a.b:c");
  EXPECT_EQ(e.baselines[1].trials, 9);
  EXPECT_EQ(e.baselines[1].timeout, 0.5);
  EXPECT_EQ(e.baselines[2].kind, SideKind::Lacuna);
  EXPECT_EQ(e.baselines[2].program.entry, "g");
  EXPECT_EQ(e.baselines[2].program.arguments, std::vector<std::string>{"n=1"});
  EXPECT_FALSE(e.baselines[2].dropMasks);
  EXPECT_EQ(e.baselines[3].warmup, 0);
  EXPECT_EQ(e.baselines[3].trials, 5);
  EXPECT_EQ(e.baselines[4].trials, 3);
}

TEST(Suite, OtherDensePrograms) {
  Entry mask = entry(
      R"J("attention": {"queries": 9, "mask": "%m = attn.all"}, "dense": {"mask": "%m = attn.causal align(top_left)"})J");
  EXPECT_FALSE(mask.baselines[0].dropMasks);
  EXPECT_NE(mask.baselines[0].program.text->find("attn.causal"), std::string::npos);
  EXPECT_NE(mask.baselines[1].program.text->find("attn.all"), std::string::npos);
  EXPECT_EQ(mask.baselines[0].program.arguments, mask.program.arguments);
  EXPECT_EQ(mask.lse, "result1");
  Entry program = entry(R"("program": "p", "dense": {"program": "d", "arguments": {"n": 2}})");
  EXPECT_EQ(program.baselines[0].program.path, "d");
  EXPECT_FALSE(program.baselines[0].dropMasks);
  EXPECT_EQ(program.baselines[1].program.path, "p");
}

TEST(Suite, OursMayBeAnother) {
  Entry e = entry(R"("program": "p", "ours": {"python": "m:f"}, "baselines": [{"name": "b", "python": "m:g"}])");
  EXPECT_EQ(e.ours.kind, SideKind::Python);
  EXPECT_EQ(e.ours.function, "m:f");
  EXPECT_EQ(e.baselines[0].function, "m:g");
}

TEST(Suite, PartsOfTheWork) {
  Entry e = entry(R"("program": "p", "selection": {"program": "s"}, "index": {"program": "i", "entry": "x"})");
  EXPECT_EQ(e.selection->path, "s");
  EXPECT_EQ(e.index->entry, "x");
}

TEST(Suite, PublishedSizes) {
  const char *text =
      R"("defaults": {"baselines": ["reference"], "published": {"baselines": ["dense"], "timeout_seconds": 9}},
      "entries": [{"name": "e", "attention": {"queries": 100, "heads": 2}, "published": {"attention": {"queries": 200}, "timeout_seconds": 7}}])";
  Entry small = parse(text).entries[0];
  EXPECT_EQ(small.program.arguments[0], "q=randn:1x2x100x64xf32:1");
  EXPECT_EQ(small.baselines[0].name, "reference");
  SuiteOptions options;
  options.published = true;
  Entry large = parse(text, options).entries[0];
  EXPECT_EQ(large.program.arguments[0], "q=randn:1x2x200x64xf32:1");
  EXPECT_EQ(large.baselines[0].name, "dense");
  EXPECT_EQ(large.ours.timeout, 7);
  EXPECT_NE(small.text, large.text);
}

TEST(Suite, NumbersOfTheCommandLine) {
  SuiteOptions options;
  options.trials = 11;
  options.warmup = 0;
  Entry e = entry(R"("program": "p", "trials": 2, "baselines": ["dense", "reference", {"name": "sdpa", "trials": 4}])",
                  options);
  EXPECT_EQ(e.ours.trials, 11);
  EXPECT_EQ(e.ours.warmup, 0);
  EXPECT_EQ(e.baselines[0].trials, 11);
  EXPECT_EQ(e.baselines[1].trials, 1);
  EXPECT_EQ(e.baselines[2].trials, 11);
}
