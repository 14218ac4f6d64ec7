// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When a sample is correct.
#include "TestSamples.h"

#include <gtest/gtest.h>

using namespace lacuna::score;

TEST(SampleTest, theOutputsOwnFormulaDecides) {
  // |error| <= atol + rtol at 1.0: bf16 is the coarsest, fp64 the finest.
  EXPECT_EQ((Sample{"", SampleStatus::Correct, 1, {outputWithError(1e-3, "bfloat16")}, ""}).correctFrom(), -8);
  EXPECT_EQ((Sample{"", SampleStatus::Correct, 1, {outputWithError(1e-3, "float16")}, ""}).correctFrom(), -5);
  EXPECT_EQ((Sample{"", SampleStatus::Correct, 1, {outputWithError(1e-3, "float32")}, ""}).correctFrom(), -3);
  EXPECT_EQ((Sample{"", SampleStatus::Correct, 1, {outputWithError(1e-3, "float64")}, ""}).correctFrom(), -2);
}

TEST(SampleTest, otherTypesHaveToBeEqual) {
  Output output = outputWithError(0, "int64");
  output.allClose = {};
  EXPECT_TRUE(output.passes(-10));
  output = outputWithError(0, "int64");
  output.equal = false;
  EXPECT_FALSE(output.passes(5));
}

TEST(SampleTest, everyOutputHasToPass) {
  Sample sample = {
      "", SampleStatus::Correct, 1, {outputWithError(0), outputWithError(1e-4), outputWithError(0, "bool")}, ""};
  EXPECT_EQ(sample.correctFrom(), -4);
  EXPECT_EQ(sample.statusAt(-5), SampleStatus::Accuracy);
  EXPECT_EQ(sample.statusAt(-4), SampleStatus::Correct);
  sample.outputs[2].equal = false;
  EXPECT_FALSE(sample.correctFrom());
  sample.outputs.clear();
  EXPECT_FALSE(sample.isCorrect(1)) << "nothing was compared";
}

TEST(SampleTest, correctFromHasNoGaps) {
  Sample sample = sampleWithError("", 1, 0);
  sample.outputs[0].setClose(Formula::Float32, -6, false);
  EXPECT_EQ(sample.correctFrom(), -5);
  EXPECT_TRUE(sample.isCorrect(-7));
  sample.outputs[0].setClose(Formula::Float32, 2, false); // beyond the level at which all is frozen
  EXPECT_EQ(sample.correctFrom(), -5);
}

TEST(SampleTest, failuresStayWhatTheyAre) {
  Sample sample = measuredButFailed("", SampleStatus::TypeMismatch, 2);
  EXPECT_FALSE(sample.isCorrect(1));
  EXPECT_EQ(sample.statusAt(1), SampleStatus::TypeMismatch);
}

TEST(SampleTest, whatWasNotMeasuredIsARuntimeFailure) {
  Sample sample = sampleWithError("", 1, 1e-4);
  EXPECT_FALSE(settleSpeedup(sample));
  sample.speedup.reset();
  EXPECT_TRUE(settleSpeedup(sample));
  EXPECT_EQ(sample.status, SampleStatus::RuntimeFail);
  Sample wrong = sampleWithError("", 1, 1e9);
  wrong.speedup.reset();
  EXPECT_FALSE(settleSpeedup(wrong)) << "its speedup is never asked for";
  EXPECT_EQ(wrong.statusAt(1), SampleStatus::Accuracy);
}
