// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a run found, as JSON for programs (keys are a contract, schema_version 1) and as text for people.
#ifndef LACUNA_TOOLS_RUN_REPORT_H
#define LACUNA_TOOLS_RUN_REPORT_H

#include "Compare.h"
#include "Execute.h"

namespace lacuna::run {

struct NamedDifference {
  std::string result;
  Difference difference;
};

struct Report {
  std::string entry, device, target, schedule;
  std::vector<std::string> arguments; ///< "q: 1x8x64x128xbf16"
  std::optional<lacunaDType> dtype;   ///< of the first argument
  std::vector<int64_t> shape;         ///< of the first argument
  std::vector<double> seconds;
  std::optional<double> compileSeconds;
  lacunaTileCounts counts = {};
  std::optional<std::vector<NamedDifference>> check;

  bool passed() const;
};

/// Median, smallest and largest.
struct Times {
  double median, min, max;
};
Times summarize(std::vector<double> seconds);

/// One JSON object and a newline. What was not measured is null; so are infinite errors.
std::string toJson(const Report &report);
std::string toText(const Report &report);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_REPORT_H
