// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Flags, their two spellings, and what is wrong with them.
#include "CommandLine.h"

#include <gtest/gtest.h>

using namespace lacuna::score;

static CommandLine parsed(const std::vector<std::string> &arguments) {
  auto line = parseCommandLine(arguments);
  EXPECT_TRUE(line.ok()) << line.status().message;
  return line.ok() ? *line : CommandLine();
}

static std::string errorOf(const std::vector<std::string> &arguments) {
  auto line = parseCommandLine(arguments);
  EXPECT_FALSE(line.ok());
  return line.ok() ? "" : line.status().message;
}

TEST(CommandLineTest, defaults) {
  CommandLine line = parsed({"a.log"});
  EXPECT_EQ(line.files, std::vector<std::string>{"a.log"});
  EXPECT_EQ(line.options.p, 0.1);
  EXPECT_EQ(line.options.b, 0.1);
  EXPECT_EQ(line.options.interpretation, Interpretation::Default);
  EXPECT_EQ(line.jsonPath, "");
  EXPECT_EQ(line.htmlPath, "");
}

TEST(CommandLineTest, spellings) {
  CommandLine line =
      parsed({"a", "--p", "0", "b", "-b=0.5", "--positive-tolerance-interpretation", "paper", "--json=-", "--", "--c"});
  EXPECT_EQ(line.files, (std::vector<std::string>{"a", "b", "--c"}));
  EXPECT_EQ(line.options.p, 0);
  EXPECT_EQ(line.options.b, 0.5);
  EXPECT_EQ(line.options.interpretation, Interpretation::Paper);
  EXPECT_EQ(line.jsonPath, "-");
  line = parsed({"--negative-speedup-penalty=2", "--fpdb", "1", "a"});
  EXPECT_EQ(line.options.p, 2);
  EXPECT_EQ(line.options.b, 1);
  EXPECT_EQ(parsed({"a", "--html", "b.html"}).htmlPath, "b.html");
  EXPECT_EQ(errorOf({"a", "--html="}), "--html: expects a file, but got ''");
  EXPECT_TRUE(parsed({"--help"}).help);
  EXPECT_TRUE(parsed({"--version"}).version);
}

TEST(CommandLineTest, errors) {
  EXPECT_EQ(errorOf({}), "expects a file to score; see --help");
  EXPECT_EQ(errorOf({"a", "--q"}), "unknown flag '--q'; see --help");
  EXPECT_EQ(errorOf({"a", "---p"}), "unknown flag '---p'; see --help");
  EXPECT_EQ(errorOf({"a", "-"}), "unknown flag '-'; see --help");
  EXPECT_EQ(errorOf({"a", "--p"}), "expects a value after --p");
  EXPECT_EQ(errorOf({"a", "--p=1", "--negative-speedup-penalty=1"}), "expects --p once, but got it again");
  EXPECT_EQ(errorOf({"a", "--help=1"}), "--help takes no value");
  EXPECT_EQ(errorOf({"a", "--json="}), "--json: expects a file, but got ''");
  EXPECT_EQ(errorOf({"a", "--positive-tolerance-interpretation=strict"}),
            "--positive-tolerance-interpretation: expects one of default, paper, mismatch_extended, but got 'strict'");
}

TEST(CommandLineTest, numbers) {
  for (const char *p : {"-1", "nan", "inf", "x", "", "1e999", "0.1 "})
    EXPECT_EQ(errorOf({"a", "--p", p}), std::string("--p: expects a finite number of 0 or more, but got '") + p + "'");
  for (const char *b : {"0", "-0.1", "1.01", "nan", "inf", "x", ""})
    EXPECT_EQ(errorOf({"a", "--b", b}), std::string("--b: expects a number in (0, 1], but got '") + b + "'");
}
