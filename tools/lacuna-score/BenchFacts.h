// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a report shows of a lacuna-bench result besides scores: times, densities, tiles, pictures, the machine
// (docs/design/bench_json.md). Everything is optional; numbers that make no sense are taken for missing.
#ifndef LACUNA_TOOLS_SCORE_BENCHFACTS_H
#define LACUNA_TOOLS_SCORE_BENCHFACTS_H

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lacuna::score {

struct SideFacts {
  std::string name;
  std::string status, error;
  std::optional<double> seconds; ///< the median, above 0
  bool isFluctuating = false;
};

struct EntryFacts {
  std::string name, source, note, status, error;
  std::string about;            ///< type, device, shapes
  std::string family;           ///< free key: entries that differ in length only
  std::optional<double> length; ///< free key, with family
  std::vector<double> dimensions;
  std::vector<SideFacts> sides;                               ///< in the order of the suite, ours first
  std::optional<double> density, visitedShare;                ///< in (0, 1]
  std::optional<double> overAttention, massKept;              ///< of `quality`
  std::optional<double> maxAbsError, maxRowError, relativeL2; ///< against dense
  std::optional<double> denseSpeedup;
  std::optional<bool> passed;     ///< ours against the reference, by the rules of lacuna-run
  bool comparesWithDense = false; ///< judged against dense itself, which an approximation differs from
  std::string picture;            ///< free key: SVG as lacuna-mask writes it, not to be trusted

  const SideFacts *side(const std::string &name) const;
};

struct BenchFacts {
  std::vector<std::pair<std::string, std::string>> run, machine;
  std::vector<std::string> command;
  std::vector<EntryFacts> entries;
};

/// Of a text that readBenchResult has read.
BenchFacts readBenchFacts(const std::string &text);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_BENCHFACTS_H
