// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The aggregated route: a level's samples as a handful of numbers, and the scores as products of their powers. The
// other route, sample by sample, is in Score.cpp and shares nothing with this one.
#ifndef LACUNA_TOOLS_SCORE_PARAMETERS_H
#define LACUNA_TOOLS_SCORE_PARAMETERS_H

#include "Interpretation.h"

namespace lacuna::score {

struct ScoreOptions {
  double p = 0.1; ///< exponent that punishes slowdowns, >= 0
  double b = 0.1; ///< what a failure counts, in (0, 1]
  Interpretation interpretation = Interpretation::Default;
};

struct Parameters {
  double lambda;          ///< share of correct samples
  double alpha;           ///< geometric mean of their speedups; 1 without any
  double beta;            ///< geometric mean of those below 1; 1 without any
  double eta;             ///< share of slowdowns among correct samples; 0 without any
  double gamma;           ///< what the failures count on (geometric) average
  std::vector<double> pi; ///< share of each error class among the failures; all 0 without any
};

/// Of at least one sample, at a level of the interpretation.
Parameters parametersAt(const std::vector<Sample> &samples, int t, const ScoreOptions &options);

/// ln of S = alpha^lambda * beta^(lambda * eta * p) * b^(1 - lambda). Products of powers leave the range of a double
/// before their logarithms do.
double logS(const Parameters &parameters, const ScoreOptions &options);
/// ln of ES, with gamma in the place of b.
double logES(const Parameters &parameters, const ScoreOptions &options);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_PARAMETERS_H
