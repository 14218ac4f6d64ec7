// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Sample.h"

#include <algorithm>

using namespace lacuna::score;

const char *lacuna::score::statusName(SampleStatus status) {
  switch (status) {
  case SampleStatus::Correct:
    return "correct";
  case SampleStatus::Accuracy:
    return "accuracy";
  case SampleStatus::RuntimeFail:
    return "runtime_fail";
  case SampleStatus::TypeMismatch:
    return "type_mismatch";
  case SampleStatus::ShapeMismatch:
    return "shape_mismatch";
  case SampleStatus::CompileFail:
    return "compile_fail";
  case SampleStatus::EagerFail:
    break;
  }
  return "eager_fail";
}

bool Output::passes(int t) const {
  std::optional<Formula> formula = formulaOf(dtype);
  return formula ? close(*formula, t) : equal;
}

bool Sample::isCorrect(int t) const {
  return status == SampleStatus::Correct && !outputs.empty() &&
         std::all_of(outputs.begin(), outputs.end(), [&](const Output &output) { return output.passes(t); });
}

SampleStatus Sample::statusAt(int t) const {
  return status == SampleStatus::Correct && !isCorrect(t) ? SampleStatus::Accuracy : status;
}

std::optional<int> Sample::correctFrom() const {
  std::optional<int> from;
  for (int t = frozenLevel; t >= minLevel && isCorrect(t); --t)
    from = t;
  return from;
}

std::optional<std::string> lacuna::score::settleSpeedup(Sample &sample) {
  if (sample.status != SampleStatus::Correct || sample.speedup)
    return std::nullopt;
  for (int t = minLevel; t <= frozenLevel; ++t)
    if (sample.isCorrect(t)) {
      sample.status = SampleStatus::RuntimeFail;
      sample.failure = "no speedup was measured";
      return "correct, but without an e2e speedup; counted as runtime_fail";
    }
  return std::nullopt;
}
