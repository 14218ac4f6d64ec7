// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Process.h"

#include <chrono>
#include <gtest/gtest.h>

using namespace lacuna::bench;
using Answer = Process::Answer;

static std::unique_ptr<Process> shell(const std::string &script) {
  auto started = Process::start({"sh", "-c", script}, "/", "/dev/null");
  EXPECT_TRUE(started.ok());
  return std::move(*started);
}

TEST(Process, AnswersLineByLine) {
  auto process = shell("while read -r x; do echo \"[$x]\"; done");
  std::string line;
  for (const char *text : {"one", "two words", ""}) {
    EXPECT_TRUE(process->send(text, 20));
    ASSERT_EQ(process->receive(line, 20), Answer::Line);
    EXPECT_EQ(line, "[" + std::string(text) + "]");
  }
}

TEST(Process, SeveralLinesAtOnce) {
  auto process = shell("printf 'a\\nb\\n'; sleep 60");
  std::string line;
  ASSERT_EQ(process->receive(line, 20), Answer::Line);
  EXPECT_EQ(line, "a");
  ASSERT_EQ(process->receive(line, 20), Answer::Line);
  EXPECT_EQ(line, "b");
}

TEST(Process, LongLines) {
  auto process = shell("read -r x; echo \"$x\"");
  std::string line, text(300000, 'x');
  EXPECT_TRUE(process->send(text, 20));
  ASSERT_EQ(process->receive(line, 20), Answer::Line);
  EXPECT_EQ(line, text);
}

TEST(Process, TellsHowItEnded) {
  std::string line;
  auto exits = shell("exit 3");
  EXPECT_EQ(exits->receive(line, 20), Answer::Closed);
  EXPECT_EQ(exits->stop(20), "exited with status 3");
  auto crashes = shell("kill -SEGV $$");
  EXPECT_EQ(crashes->receive(line, 20), Answer::Closed);
  EXPECT_EQ(crashes->stop(20), "was ended by signal 11 (Segmentation fault)");
}

TEST(Process, TimesOut) {
  auto start = std::chrono::steady_clock::now();
  {
    auto process = shell("sleep 600");
    std::string line;
    EXPECT_EQ(process->receive(line, 0.2), Answer::Timeout);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60)); // it is not waited for
}

TEST(Process, SendingToTheDeafTimesOut) {
  auto process = shell("sleep 600");
  EXPECT_TRUE(process->send("short", 0.2));
  EXPECT_FALSE(process->send(std::string(1000000, 'x'), 0.2));
}

TEST(Process, EndsWhatItStarted) {
  std::string line;
  auto process = shell("sleep 600 & echo $!; wait");
  ASSERT_EQ(process->receive(line, 20), Answer::Line);
  std::string child = line;
  process.reset();
  auto look =
      shell("for i in 1 2 3 4 5 6 7 8 9 10; do s=$(cut -d' ' -f3 /proc/" + child +
            "/stat 2>/dev/null || echo gone); case $s in Z|gone|'') echo gone; exit;; esac; sleep 0.2; done; echo $s");
  ASSERT_EQ(look->receive(line, 20), Answer::Line);
  EXPECT_EQ(line, "gone");
}

TEST(Process, SendingToTheDeadIsNoCrash) {
  catchInterrupts(); // SIGPIPE
  auto process = shell("exit 0");
  std::string line;
  EXPECT_EQ(process->receive(line, 20), Answer::Closed);
  process->stop(20);
  EXPECT_FALSE(process->send("hello", 20));
}

TEST(Process, WhatCannotBeStarted) {
  auto missing = Process::start({"/no/such/program"}, "/", "/dev/null");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.status().message, "cannot start '/no/such/program': No such file or directory");
  EXPECT_FALSE(Process::start({"sh"}, "/no/such/folder", "/dev/null").ok());
  EXPECT_FALSE(Process::start({"sh"}, "/", "/no/such/folder/file").ok());
}
