// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who is forgiven from which positive level on. GraphNet's code knows `default` and `mismatch_extended`; its paper
// describes a third rule.
#ifndef LACUNA_TOOLS_SCORE_INTERPRETATION_H
#define LACUNA_TOOLS_SCORE_INTERPRETATION_H

#include "Sample.h"

namespace lacuna::score {

enum class Interpretation { Default, Paper, MismatchExtended };
const char *interpretationName(Interpretation interpretation);
std::optional<Interpretation> parseInterpretation(std::string_view name);

/// Failures that are forgiven together.
struct ErrorClass {
  const char *name; ///< GraphNet's number, or "never"
  std::optional<int> toleratedFrom;
};
const std::vector<ErrorClass> &errorClasses(Interpretation interpretation);
/// Index into errorClasses; not for correct samples.
size_t errorClassOf(Interpretation interpretation, SampleStatus status);

/// Levels are minLevel .. lastLevel.
int lastLevel(Interpretation interpretation);
bool tolerates(Interpretation interpretation, SampleStatus status, int t);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_INTERPRETATION_H
