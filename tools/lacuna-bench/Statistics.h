// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a series of times comes to. Definitions are GraphNet's (NumPy's): quartiles between two values are interpolated
// linearly, the standard deviation is that of the population.
#ifndef LACUNA_TOOLS_BENCH_STATISTICS_H
#define LACUNA_TOOLS_BENCH_STATISTICS_H

#include <vector>

namespace lacuna::bench {

struct Statistics {
  double median, iqr, mean, std, min, max;
};

/// `values` must not be empty.
Statistics summarize(std::vector<double> values);

/// GraphNet's limit of iqr / median.
constexpr double fluctuationLimit = 0.2;
bool fluctuates(const std::vector<double> &values);

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_STATISTICS_H
