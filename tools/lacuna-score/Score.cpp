// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Score.h"

#include <algorithm>
#include <cmath>

using namespace lacuna;
using namespace lacuna::score;

//===--- Sample by sample -----------------------------------------------------------------------------------------===//

static double logRectified(double speedup, double p) { return std::log(speedup) * (speedup < 1 ? p + 1 : 1); }

/// ln of what a sample counts in ES(t); up to t = 0 also in S(t).
static double logOf(const Sample &sample, int t, const ScoreOptions &options) {
  SampleStatus status = sample.statusAt(std::min(t, frozenLevel));
  if (status == SampleStatus::Correct)
    return logRectified(*sample.speedup, options.p);
  return tolerates(options.interpretation, status, t) ? 0 : std::log(options.b);
}

static double meanLog(const std::vector<Sample> &samples, int t, const ScoreOptions &options) {
  double sum = 0;
  for (const Sample &sample : samples)
    sum += logOf(sample, t, options);
  return sum / double(samples.size());
}

//===--- Both routes ----------------------------------------------------------------------------------------------===//

runtime::Status lacuna::score::compareRoutes(int t, double bySample, double byParameters) {
  // Infinite ones are equal: absurd penalties make scores of 0.
  if (bySample == byParameters || std::abs(bySample - byParameters) <= 1e-9 * std::max(1.0, std::abs(bySample)))
    return runtime::success();
  return runtime::failure(LACUNA_INTERNAL_ERROR, "internal error: at t = " + std::to_string(t) + " the score is exp(" +
                                                     std::to_string(bySample) + ") sample by sample, but exp(" +
                                                     std::to_string(byParameters) + ") from aggregated parameters");
}

static runtime::Result<LevelScore> scoreLevel(const std::vector<Sample> &samples, int t, const ScoreOptions &options) {
  if (samples.empty())
    return LevelScore{t, std::nullopt, std::nullopt, std::nullopt};
  double bySample = meanLog(samples, t, options);
  LevelScore score = {t, std::nullopt, std::exp(bySample), parametersAt(samples, t, options)};
  runtime::Status same = compareRoutes(t, bySample, logES(*score.parameters, options));
  if (t <= 0) { // nobody is forgiven yet
    score.s = score.es;
    if (same.ok())
      same = compareRoutes(t, bySample, logS(*score.parameters, options));
  }
  if (!same.ok())
    return same;
  return score;
}

Aggregate lacuna::score::aggregate(const std::vector<LevelScore> &levels) {
  static constexpr double weights[] = {0.001, 0.001, 0.001, 0.13, 0.40, 0.48, 0.48, 0.48,
                                       0.48,  0.48,  0.48,  0.48, 0.48, 0.48, 0.48};
  constexpr size_t count = std::size(weights);
  if (levels.size() != count || levels.front().t != minLevel || levels.back().t != 4)
    return {std::nullopt, "its weights are for exactly the levels -10..4"};
  double sum = 0, total = 0;
  for (size_t i = 0; i < count; ++i) {
    std::string name = "ES(" + std::to_string(levels[i].t) + ")";
    if (!levels[i].es)
      return {std::nullopt, "no samples"};
    if (*levels[i].es == 0 || !std::isfinite(*levels[i].es))
      return {std::nullopt, name + " is " + (*levels[i].es == 0 ? "0" : "infinite") + ", which has no logarithm"};
    sum += weights[i] * std::log10(*levels[i].es);
    total += weights[i];
  }
  return {sum / total, ""};
}

static runtime::Status checkOptions(const ScoreOptions &options) {
  if (!(options.p >= 0) || std::isinf(options.p))
    return runtime::expectsButGot("p", "a finite number of 0 or more", std::to_string(options.p));
  if (!(options.b > 0 && options.b <= 1))
    return runtime::expectsButGot("b", "a number in (0, 1]", std::to_string(options.b));
  return runtime::success();
}

runtime::Result<Score> lacuna::score::computeScore(const std::vector<Sample> &samples, const ScoreOptions &options) {
  if (runtime::Status status = checkOptions(options); !status.ok())
    return status;
  Score score;
  for (int t = minLevel; t <= lastLevel(options.interpretation); ++t) {
    runtime::Result<LevelScore> level = scoreLevel(samples, t, options);
    if (!level.ok())
      return level.status();
    score.levels.push_back(*level);
  }
  score.aggregate = aggregate(score.levels);
  return score;
}
