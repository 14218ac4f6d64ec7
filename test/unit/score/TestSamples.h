// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Samples as a harness would find them: one output, expected to be 1.0, that is off by some error.
#ifndef LACUNA_TEST_UNIT_SCORE_TESTSAMPLES_H
#define LACUNA_TEST_UNIT_SCORE_TESTSAMPLES_H

#include "Sample.h"

namespace lacuna::score {

inline Output outputWithError(double error, const char *dtype = "float32") {
  Output output;
  output.dtype = dtype;
  output.equal = error == 0;
  for (size_t i = 0; i < numFormulas; ++i)
    for (int t = minLevel; t <= maxLevel; ++t)
      output.setClose(Formula(i), t, error <= toleranceOf(Formula(i), t).atol + toleranceOf(Formula(i), t).rtol);
  return output;
}

inline Sample sampleWithError(const char *name, double speedup, double error) {
  return {name, SampleStatus::Correct, speedup, {outputWithError(error)}, ""};
}

inline Sample failed(const char *name, SampleStatus status) { return {name, status, std::nullopt, {}, ""}; }

/// As failed, but it got as far as outputs and a speedup, which must not matter.
inline Sample measuredButFailed(const char *name, SampleStatus status, double speedup) {
  return {name, status, speedup, {outputWithError(0)}, "out of memory"};
}

/// Two correct, one only from t = -4 on, one not compiled.
inline std::vector<Sample> exampleA() {
  return {sampleWithError("a", 2, 1e-7), sampleWithError("b", 0.5, 1e-7), sampleWithError("c", 1.5, 1e-4),
          failed("d", SampleStatus::CompileFail)};
}

/// One failure of every class.
inline std::vector<Sample> exampleB() {
  return {sampleWithError("a", 2, 0),
          sampleWithError("b", 0.8, 3e-6),
          sampleWithError("c", 3, 1000),
          measuredButFailed("d", SampleStatus::RuntimeFail, 1.2),
          failed("e", SampleStatus::CompileFail),
          failed("f", SampleStatus::TypeMismatch)};
}

/// All correct and all slower, one only from t = -8 on.
inline std::vector<Sample> exampleC() {
  std::vector<Sample> samples = {sampleWithError("off", 0.90789, 1e-8)};
  for (double speedup : {0.97, 0.86, 0.9, 0.99, 0.96, 0.92, 0.88, 0.6999, 0.87})
    samples.push_back(sampleWithError("slow", speedup, 0));
  return samples;
}

} // namespace lacuna::score

#endif // LACUNA_TEST_UNIT_SCORE_TESTSAMPLES_H
