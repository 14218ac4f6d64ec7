// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One case for each way in which a suite can be broken, with the message as it is printed.
#include "Suite.h"

#include <gtest/gtest.h>

using namespace lacuna::bench;

static std::string join(const std::vector<std::string> &lines) {
  std::string text;
  for (const std::string &line : lines)
    text += (text.empty() ? "" : "\n") + line;
  return text;
}

static std::string problemsOf(const std::string &text) {
  std::vector<std::string> problems;
  std::optional<Suite> suite = parseSuite(text, "s.json", {}, problems);
  EXPECT_EQ(suite.has_value(), problems.empty());
  return join(problems);
}

static std::string suite(const std::string &rest) {
  return R"({"schema_version": 1, "kind": "lacuna-bench-suite", )" + rest + "}";
}

/// Problems of a suite with one entry that has these members.
static std::string inEntry(const std::string &members) {
  return problemsOf(suite(R"("entries": [{"name": "e", )" + members + "}]"));
}
static std::string inProgram(const std::string &members) { return inEntry(R"("program": "p", )" + members); }
static std::string inAttention(const std::string &members) { return inEntry(R"("attention": {)" + members + "}"); }
static std::string inBaseline(const std::string &baseline) { return inProgram(R"("baselines": [)" + baseline + "]"); }

TEST(SuiteError, Syntax) {
  EXPECT_EQ(problemsOf("{\n  \"kind\": }"),
            "s.json: expects JSON: parse error at line 2, column 11: syntax error while parsing value - "
            "unexpected '}'; expected '[', '{', or a literal");
  EXPECT_NE(problemsOf(""), "");
  EXPECT_EQ(problemsOf("\xff").substr(0, 21), "s.json: expects JSON:");
}

TEST(SuiteError, Header) {
  EXPECT_EQ(problemsOf("{}"), "s.json: kind: expects \"lacuna-bench-suite\", but got null\n"
                              "s.json: schema_version: expects 1, but got null\n"
                              "s.json: entries: expects a list with at least one entry, but got null");
  EXPECT_EQ(
      problemsOf(R"({"kind": "lacuna-bench-suite", "schema_version": 2, "entries": [{"name": "e", "program": "p"}]})"),
      "s.json: schema_version: expects 1, but got 2");
  EXPECT_EQ(problemsOf(R"({"kind": "lacuna-bench", "schema_version": 1, "entries": [{"name": "e", "program": "p"}]})"),
            "s.json: kind: expects \"lacuna-bench-suite\", but got \"lacuna-bench\"");
  EXPECT_EQ(problemsOf("[]").substr(0, 42), "s.json: expects an object, but got a list\n");
}

TEST(SuiteError, Entries) {
  EXPECT_EQ(problemsOf(suite(R"("entries": [])")),
            "s.json: entries: expects a list with at least one entry, but got a list");
  EXPECT_EQ(problemsOf(suite(R"("entries": {})")),
            "s.json: entries: expects a list with at least one entry, but got an object");
  EXPECT_EQ(problemsOf(suite(R"("entries": [3])")), "s.json: entries[0]: expects an object, but got 3\n"
                                                    "s.json: entries[0]: needs a \"name\"\n"
                                                    "s.json: entries[0]: needs \"program\" or \"attention\"");
  EXPECT_EQ(problemsOf(suite(R"("entries": [{"name": "e", "program": "p"}, {"name": "e", "program": "p"}])")),
            "s.json: entries[1].name: 'e' is there twice");
  EXPECT_EQ(problemsOf(suite(R"("entries": [{"program": "p"}])")), "s.json: entries[0]: needs a \"name\"");
  EXPECT_EQ(problemsOf(suite(R"("entries": [{"name": "a|b", "program": "p"}])")),
            "s.json: entries[0].name: expects printable characters without |, but got \"a|b\"");
  EXPECT_EQ(problemsOf(suite(R"("entries": [{"name": "", "program": "p"}])")),
            "s.json: entries[0].name: expects a text, but got \"\"");
}

TEST(SuiteError, Defaults) {
  EXPECT_EQ(problemsOf(suite(R"("defaults": 1, "entries": [{"name": "e", "program": "p"}])")),
            "s.json: defaults: expects an object of an entry's keys without \"name\"");
  EXPECT_EQ(problemsOf(suite(R"("defaults": {"name": "x"}, "entries": [{"name": "e", "program": "p"}])")),
            "s.json: defaults: expects an object of an entry's keys without \"name\"");
  EXPECT_EQ(problemsOf(suite(R"("defaults": {"trails": 1}, "entries": [{"name": "e", "program": "p"}])")),
            "s.json: entries[0].trails: is no key that is known here; did you mean 'trials'?");
}

TEST(SuiteError, UnknownKeys) {
  EXPECT_EQ(problemsOf(suite(R"("entrys": 1, "entries": [{"name": "e", "program": "p"}])")),
            "s.json: entrys: is no key that is known here; did you mean 'entries'?");
  EXPECT_EQ(inProgram(R"("something": 1)"), "s.json: entries[0].something: is no key that is known here");
}

TEST(SuiteError, Programs) {
  EXPECT_EQ(inEntry(R"("note": "n")"), "s.json: entries[0]: needs \"program\" or \"attention\"");
  EXPECT_EQ(inEntry(R"("program": "p", "attention": {"queries": 1})"),
            "s.json: entries[0]: has both \"program\" and \"attention\"");
  EXPECT_EQ(inEntry(R"("attention": {"queries": 1}, "entry": "f")"),
            "s.json: entries[0]: has \"attention\", which takes no \"entry\" and no \"arguments\"");
  EXPECT_EQ(inEntry(R"("program": 3)"), "s.json: entries[0].program: expects a text, but got 3");
  EXPECT_EQ(inProgram(R"("arguments": [1])"), "s.json: entries[0].arguments: expects an object, but got a list");
  EXPECT_EQ(inProgram(R"("arguments": {"q": null, "k": {}})"),
            "s.json: entries[0].arguments.q: expects a text, a number or a list, but got null\n"
            "s.json: entries[0].arguments.k: expects a text, a number or a list, but got an object");
  EXPECT_EQ(inProgram(R"("selection": {})"), "s.json: entries[0].selection: needs \"program\" or \"attention\"");
}

TEST(SuiteError, Attention) {
  EXPECT_EQ(inEntry(R"("attention": 1)"), "s.json: entries[0].attention: expects an object, but got 1\n"
                                          "s.json: entries[0].attention.queries: is missing");
  EXPECT_EQ(inAttention(R"("queries": -1)"),
            "s.json: entries[0].attention.queries: expects an integer from 0, but got -1");
  EXPECT_EQ(inAttention(R"("queries": 1.5)"),
            "s.json: entries[0].attention.queries: expects an integer from 0, but got 1.5");
  EXPECT_EQ(inAttention(R"("queries": 1, "heads": [1, 2, 3])"),
            "s.json: entries[0].attention.heads: expects an integer from 1, or two in a list, but got a list");
  EXPECT_EQ(inAttention(R"("queries": 1, "head_size": 0)"),
            "s.json: entries[0].attention.head_size: expects an integer from 1, or two in a list, but got 0");
  EXPECT_EQ(inAttention(R"("queries": 1, "dtype": "f64")"),
            "s.json: entries[0].attention.dtype: expects one of f32, f16, bf16, but got 'f64'");
  EXPECT_EQ(
      inAttention(R"("queries": 1, "parameters": {"2x": 1})"),
      "s.json: entries[0].attention.parameters.2x: expects a name of letters, digits and _ other than q, k and v");
  EXPECT_EQ(inAttention(R"("queries": 1, "parameters": {"q": 1})"),
            "s.json: entries[0].attention.parameters.q: expects a name of letters, digits and _ other than q, k and v");
  EXPECT_EQ(inAttention(R"("queries": 1, "parameters": {"w": 0.5})"),
            "s.json: entries[0].attention.parameters.w: expects an integer, or an object with \"type\" and \"value\", "
            "but got 0.5");
  EXPECT_EQ(inAttention(R"("queries": 1, "parameters": {"w": {"type": "index"}})"),
            "s.json: entries[0].attention.parameters.w: expects an integer, or an object with \"type\" and \"value\", "
            "but got an object");
  EXPECT_EQ(inAttention(R"("queries": 1, "lengths": 5)"),
            "s.json: entries[0].attention.lengths: is no key that is known here");
}

TEST(SuiteError, Baselines) {
  EXPECT_EQ(inProgram(R"("baselines": "dense")"), "s.json: entries[0].baselines: expects a list, but got \"dense\"");
  EXPECT_EQ(inBaseline(R"("flash")"),
            "s.json: entries[0].baselines[0]: is no known baseline: expects one of dense, reference, torch_eager, "
            "torch_compile, sdpa, flex, or an object with \"python\" or \"program\", but got 'flash'");
  EXPECT_EQ(inBaseline(R"({"name": "flash"})").substr(0, 58),
            "s.json: entries[0].baselines[0].name: is no known baseline");
  EXPECT_EQ(inBaseline("3"), "s.json: entries[0].baselines[0]: expects an object, but got 3\ns.json: "
                             "entries[0].baselines[0]: 'ours' is there twice");
  EXPECT_EQ(inBaseline(R"({"python": "m:f"})"), "s.json: entries[0].baselines[0]: needs a \"name\"");
  EXPECT_EQ(inBaseline(R"({"name": "n", "python": "m.f"})"),
            "s.json: entries[0].baselines[0].python: expects module:function, but got 'm.f'");
  EXPECT_EQ(inBaseline(R"({"name": "n", "python": "../m:f"})"),
            "s.json: entries[0].baselines[0].python: expects module:function, but got '../m:f'");
  EXPECT_EQ(inBaseline(R"({"name": "n", "python": "m:f", "program": "p"})"),
            "s.json: entries[0].baselines[0]: has both \"python\" and \"program\"");
  EXPECT_EQ(inBaseline(R"("dense", "dense")"), "s.json: entries[0].baselines[1]: 'dense' is there twice");
  EXPECT_EQ(inBaseline(R"({"name": "ours", "python": "m:f"})"),
            "s.json: entries[0].baselines[0]: 'ours' is there twice");
  EXPECT_EQ(inBaseline(R"({"name": "a\nb", "python": "m:f"})"),
            "s.json: entries[0].baselines[0]: expects a name of printable characters without |, but got \"a\\nb\"");
  EXPECT_EQ(inBaseline(R"({"name": "n", "python": "m:f", "trial": 3})"),
            "s.json: entries[0].baselines[0].trial: is no key that is known here; did you mean 'trials'?");
}

TEST(SuiteError, Dense) {
  EXPECT_EQ(
      inProgram(R"("dense": {"mask": "%m = attn.all"})"),
      "s.json: entries[0].dense.mask: needs the entry's \"attention\"; with \"program\" give another \"program\"");
  EXPECT_EQ(inProgram(R"("dense": {})"), "s.json: entries[0].dense: needs \"program\" or \"attention\"");
  EXPECT_EQ(inProgram(R"("dense": "causal")").substr(0, 62),
            "s.json: entries[0].dense: expects an object, but got \"causal\"\n");
}

TEST(SuiteError, Values) {
  EXPECT_EQ(inProgram(R"("trials": 0)"), "s.json: entries[0].trials: expects an integer in [1, 1000000], but got 0");
  EXPECT_EQ(inProgram(R"("warmup": "3")"),
            "s.json: entries[0].warmup: expects an integer in [0, 1000000], but got \"3\"");
  EXPECT_EQ(inProgram(R"("timeout_seconds": 0)"),
            "s.json: entries[0].timeout_seconds: expects a number above 0, but got 0");
  EXPECT_EQ(inProgram(R"("trials": 99999999999999999999)"),
            "s.json: entries[0].trials: expects an integer in [1, 1000000], but got 1e+20");
  EXPECT_EQ(inProgram(R"("approximate": 1)"), "s.json: entries[0].approximate: expects true or false, but got 1");
  EXPECT_EQ(inProgram(R"("formula": "window")"),
            "s.json: entries[0].formula: expects module:function, but got 'window'");
  EXPECT_EQ(inProgram(R"("layout": "sbhd")"),
            "s.json: entries[0].layout: expects one of bhsd, bshd, shd, but got 'sbhd'");
  EXPECT_EQ(inProgram(R"("devices": ["cpu", "tpu"])"),
            "s.json: entries[0].devices: expects some of cpu, cuda, hip, emulate, but got 'tpu'");
  EXPECT_EQ(inProgram(R"("devices": "cpu")"), "s.json: entries[0].devices: expects a list of texts, but got \"cpu\"");
  EXPECT_EQ(inProgram(R"("mask_libraries": [1])"), "s.json: entries[0].mask_libraries[0]: expects a text, but got 1");
  EXPECT_EQ(inProgram(R"("ours": {})"), "s.json: entries[0].ours: expects {\"python\": \"module:function\"}");
  EXPECT_EQ(inProgram(R"("published": 1)"), "s.json: entries[0].published: expects an object, but got 1");
}

TEST(SuiteError, AllAreFoundInOneGo) {
  EXPECT_EQ(problemsOf(suite(R"("entries": [{"name": "a", "trials": 0, "program": "p"}, {"name": "b"}])")),
            "s.json: entries[0].trials: expects an integer in [1, 1000000], but got 0\n"
            "s.json: entries[1]: needs \"program\" or \"attention\"");
}

TEST(SuiteError, MissingFile) {
  std::vector<std::string> problems;
  EXPECT_FALSE(readSuite("/no/such/suite.json", {}, problems));
  EXPECT_EQ(join(problems), "/no/such/suite.json: cannot be read: No such file or directory");
}
