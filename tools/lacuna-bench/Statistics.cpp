// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

using namespace lacuna::bench;

/// As numpy.percentile does by default; `sorted` is.
static double quantile(const std::vector<double> &sorted, double q) {
  double place = q * double(sorted.size() - 1);
  size_t below = size_t(place), above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - double(below)) * (sorted[above] - sorted[below]);
}

Statistics lacuna::bench::summarize(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  double sum = 0, squares = 0;
  for (double value : values)
    sum += value;
  double mean = sum / double(values.size());
  for (double value : values)
    squares += (value - mean) * (value - mean);
  return {quantile(values, 0.5),
          quantile(values, 0.75) - quantile(values, 0.25),
          mean,
          std::sqrt(squares / double(values.size())),
          values.front(),
          values.back()};
}

bool lacuna::bench::fluctuates(const std::vector<double> &values) {
  if (values.empty())
    return false;
  Statistics statistics = summarize(values);
  return statistics.iqr > fluctuationLimit * statistics.median;
}
