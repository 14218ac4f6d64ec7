// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// S(t), ES(t) and the one-number aggregate of GraphNet (arXiv 2510.24035), calculated sample by sample and compared
// with the aggregated route (Parameters.h).
#ifndef LACUNA_TOOLS_SCORE_SCORE_H
#define LACUNA_TOOLS_SCORE_SCORE_H

#include "Parameters.h"

#include "runtime/Status.h"

namespace lacuna::score {

/// Nothing where it is undefined: all without samples, S above t = 0.
struct LevelScore {
  int t;
  std::optional<double> s, es;
  std::optional<Parameters> parameters;
};

struct Aggregate {
  std::optional<double> value;
  std::string undefined; ///< why there is none
};

struct Score {
  std::vector<LevelScore> levels;
  Aggregate aggregate;
};

/// Fails on p and b out of range, and if the two routes differ (an error of ours).
runtime::Result<Score> computeScore(const std::vector<Sample> &samples, const ScoreOptions &options);

/// Fails if ln of a score differs between the routes by more than 1e-9 (relative, if it is large).
runtime::Status compareRoutes(int t, double bySample, double byParameters);

/// Weighted mean of log10 ES(t), -10 .. 4; weights were fitted by GraphNet's authors.
Aggregate aggregate(const std::vector<LevelScore> &levels);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_SCORE_H
