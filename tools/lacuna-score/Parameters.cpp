// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Parameters.h"

#include <algorithm>
#include <cmath>

using namespace lacuna::score;

/// Of speedups; 1 for none.
static double geometricMean(const std::vector<double> &values) {
  double sum = 0;
  for (double value : values)
    sum += std::log(value);
  return values.empty() ? 1 : std::exp(sum / double(values.size()));
}

/// b to the power of the share of failures that are not yet forgiven. Up to t = 0 that is b, failures or not.
static double gammaOf(const std::vector<double> &pi, int t, const ScoreOptions &options) {
  if (t <= 0)
    return options.b;
  const std::vector<ErrorClass> &classes = errorClasses(options.interpretation);
  double exponent = 0;
  for (size_t i = 0; i < pi.size(); ++i)
    if (!classes[i].toleratedFrom || t < *classes[i].toleratedFrom)
      exponent += pi[i];
  return std::pow(options.b, exponent);
}

Parameters lacuna::score::parametersAt(const std::vector<Sample> &samples, int t, const ScoreOptions &options) {
  std::vector<double> speedups, slowdowns;
  std::vector<double> pi(errorClasses(options.interpretation).size());
  for (const Sample &sample : samples) {
    SampleStatus status = sample.statusAt(std::min(t, frozenLevel));
    if (status != SampleStatus::Correct) {
      pi[errorClassOf(options.interpretation, status)] += 1;
      continue;
    }
    speedups.push_back(*sample.speedup);
    if (*sample.speedup < 1)
      slowdowns.push_back(*sample.speedup);
  }
  size_t failures = samples.size() - speedups.size();
  for (double &share : pi)
    share = failures ? share / double(failures) : 0;
  double lambda = double(speedups.size()) / double(samples.size());
  double eta = speedups.empty() ? 0 : double(slowdowns.size()) / double(speedups.size());
  return {lambda, geometricMean(speedups), geometricMean(slowdowns), eta, gammaOf(pi, t, options), pi};
}

static double logScore(const Parameters &of, double p, double failure) {
  return of.lambda * std::log(of.alpha) + of.lambda * of.eta * p * std::log(of.beta) +
         (1 - of.lambda) * std::log(failure);
}

double lacuna::score::logS(const Parameters &parameters, const ScoreOptions &options) {
  return logScore(parameters, options.p, options.b);
}

double lacuna::score::logES(const Parameters &parameters, const ScoreOptions &options) {
  return logScore(parameters, options.p, parameters.gamma);
}
