// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Results against the f64 reference, with the tolerances of the numerics contract. An element passes if
//   |got - reference| <= atol + rtol * |reference|                       with --atol or --rtol,
//   |got - reference| <= t * (largest |reference| of its row)            rows (last dimension) of attention outputs,
//   |got - reference| <= 1e-5 * max(1, |reference|)                      statistics: floats with fewer dimensions than
//                                                                        the first argument (LSE, row maxima)
// with t = 1e-5 (f32, f64), 2^-10 (f16) or 2^-7 (bf16), for the coarser of the result's type and the first argument's,
// as P is rounded to the input type. Infinities must be equal, NaN fails, integers must be equal.
#ifndef LACUNA_TOOLS_RUN_COMPARE_H
#define LACUNA_TOOLS_RUN_COMPARE_H

#include "HostTensor.h"

#include <optional>

namespace lacuna::run {

/// How one result is judged.
struct Rule {
  enum Kind { Rows, Statistics, Elements, Exact } kind = Rows;
  double relative = 1e-5; ///< t, or rtol
  double absolute = 0;    ///< atol
};

/// `inputType` and `inputRank` describe the entry's first tensor argument.
Rule chooseRule(lacunaDType type, size_t rank, lacunaDType inputType, size_t inputRank, std::optional<double> atol,
                std::optional<double> rtol);

/// What the comparison of one result found.
struct Difference {
  bool passed = true;
  Rule rule;
  double maxAbsolute = 0;        ///< infinite for a NaN or a wrong infinity
  double maxRowRelative = 0;     ///< relative to the row's largest magnitude; statistics: to max(1, |reference|)
  double worst = -1;             ///< largest error divided by what is allowed; passed means <= 1. -1: no elements
  std::vector<int64_t> position; ///< of the worst element
  double got = 0, reference = 0; ///< its values
};

/// Shapes and types must agree.
Difference compare(const HostTensor &got, const HostTensor &reference, const Rule &rule);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_COMPARE_H
