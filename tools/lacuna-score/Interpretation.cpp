// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Interpretation.h"

using namespace lacuna::score;

namespace {
struct Row {
  const char *name;
  std::vector<ErrorClass> classes;
  size_t classOf[7]; ///< by SampleStatus; the first is not used
  int lastLevel;
};
} // namespace

/// Columns of classOf: correct, accuracy, runtime_fail, type_mismatch, shape_mismatch, compile_fail, eager_fail.
static const Row &rowOf(Interpretation interpretation) {
  static const Row rows[] = {{"default", {{"1", 1}, {"2", 3}, {"3", 3}}, {0, 0, 1, 1, 1, 2, 1}, 4},
                             {"paper", {{"1", 1}, {"2", 2}, {"3", 3}}, {0, 0, 1, 1, 1, 2, 1}, 4},
                             // An eager failure is never forgiven. GraphNet says so for single samples, but forgives it
                             // at 3 in its aggregated formula, and then stops because the two disagree.
                             {"mismatch_extended",
                              {{"1", 1}, {"2", 2}, {"3", 3}, {"4", 4}, {"never", std::nullopt}},
                              {0, 0, 2, 1, 1, 3, 4},
                              5}};
  return rows[size_t(interpretation)];
}

const char *lacuna::score::interpretationName(Interpretation interpretation) { return rowOf(interpretation).name; }

std::optional<Interpretation> lacuna::score::parseInterpretation(std::string_view name) {
  for (Interpretation interpretation :
       {Interpretation::Default, Interpretation::Paper, Interpretation::MismatchExtended})
    if (name == interpretationName(interpretation))
      return interpretation;
  return std::nullopt;
}

const std::vector<ErrorClass> &lacuna::score::errorClasses(Interpretation interpretation) {
  return rowOf(interpretation).classes;
}

size_t lacuna::score::errorClassOf(Interpretation interpretation, SampleStatus status) {
  return rowOf(interpretation).classOf[size_t(status)];
}

int lacuna::score::lastLevel(Interpretation interpretation) { return rowOf(interpretation).lastLevel; }

bool lacuna::score::tolerates(Interpretation interpretation, SampleStatus status, int t) {
  std::optional<int> from = errorClasses(interpretation)[errorClassOf(interpretation, status)].toleratedFrom;
  return from && t >= *from;
}
