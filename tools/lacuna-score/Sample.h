// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One sample (a model, or an attention program at one size) as the scores see it: how it ended, its speedup, and at
// which levels each output passes. Where it was read from does not matter.
#ifndef LACUNA_TOOLS_SCORE_SAMPLE_H
#define LACUNA_TOOLS_SCORE_SAMPLE_H

#include "Tolerance.h"

#include <array>

namespace lacuna::score {

/// The score of a level freezes here: higher levels forgive failures, but judge no number anew.
constexpr int frozenLevel = 1;

enum class SampleStatus { Correct, Accuracy, RuntimeFail, TypeMismatch, ShapeMismatch, CompileFail, EagerFail };
const char *statusName(SampleStatus status);

struct Output {
  std::string dtype;         ///< of the eager side, as torch calls it: "float32"
  std::string compiledDType; ///< empty: the same
  bool equal = false;
  /// By formula and level; false where nothing is known. The scores look at the row of dtype only.
  std::array<std::array<bool, numLevels>, numFormulas> allClose = {};

  bool close(Formula formula, int t) const { return allClose[size_t(formula)][size_t(t - minLevel)]; }
  void setClose(Formula formula, int t, bool flag) { allClose[size_t(formula)][size_t(t - minLevel)] = flag; }
  bool passes(int t) const;
};

struct Sample {
  std::string name;
  SampleStatus status = SampleStatus::Correct; ///< never Accuracy, which depends on the level
  std::optional<double> speedup;               ///< end to end, eager / compiled; finite and above 0
  std::vector<Output> outputs;
  std::string failure; ///< what happened, for people

  /// Nothing is correct without an output that was compared.
  bool isCorrect(int t) const;
  SampleStatus statusAt(int t) const;
  /// The lowest level from which on it is correct at all levels up to frozenLevel.
  std::optional<int> correctFrom() const;
};

/// A correct sample without a speedup was not measured. It is charged as runtime_fail; says so, or returns nothing.
std::optional<std::string> settleSpeedup(Sample &sample);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_SAMPLE_H
