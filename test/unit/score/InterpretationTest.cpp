// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From which level on each failure is forgiven.
#include "Interpretation.h"

#include <gtest/gtest.h>

using namespace lacuna::score;

static constexpr SampleStatus failures[] = {SampleStatus::Accuracy,     SampleStatus::RuntimeFail,
                                            SampleStatus::TypeMismatch, SampleStatus::ShapeMismatch,
                                            SampleStatus::CompileFail,  SampleStatus::EagerFail};

/// First tolerated level by failure; 99 for never.
static std::vector<int> thresholds(Interpretation interpretation) {
  std::vector<int> result;
  for (SampleStatus status : failures) {
    int t = minLevel;
    while (t <= 50 && !tolerates(interpretation, status, t))
      ++t;
    result.push_back(t > 50 ? 99 : t);
  }
  return result;
}

TEST(InterpretationTest, thresholds) {
  //                                                                     acc rt type shape compile eager
  EXPECT_EQ(thresholds(Interpretation::Default), (std::vector<int>{1, 3, 3, 3, 3, 3}));
  EXPECT_EQ(thresholds(Interpretation::Paper), (std::vector<int>{1, 2, 2, 2, 3, 2}));
  EXPECT_EQ(thresholds(Interpretation::MismatchExtended), (std::vector<int>{1, 3, 2, 2, 4, 99}));
}

TEST(InterpretationTest, classes) {
  auto name = [](Interpretation interpretation, SampleStatus status) {
    return std::string(errorClasses(interpretation)[errorClassOf(interpretation, status)].name);
  };
  std::string text;
  for (Interpretation interpretation :
       {Interpretation::Default, Interpretation::Paper, Interpretation::MismatchExtended})
    for (SampleStatus status : failures)
      text += name(interpretation, status) + " ";
  EXPECT_EQ(text, "1 2 2 2 3 2 1 2 2 2 3 2 1 3 2 2 4 never ");
}

TEST(InterpretationTest, rangesAndNames) {
  EXPECT_EQ(lastLevel(Interpretation::Default), 4);
  EXPECT_EQ(lastLevel(Interpretation::Paper), 4);
  EXPECT_EQ(lastLevel(Interpretation::MismatchExtended), 5);
  for (const char *name : {"default", "paper", "mismatch_extended"}) {
    ASSERT_TRUE(parseInterpretation(name));
    EXPECT_STREQ(interpretationName(*parseInterpretation(name)), name);
  }
  EXPECT_FALSE(parseInterpretation("Default"));
}
