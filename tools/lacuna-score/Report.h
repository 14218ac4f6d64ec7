// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scores and what is known of the benchmarks behind them as one HTML file for people (docs/design/score.md).
#ifndef LACUNA_TOOLS_SCORE_REPORT_H
#define LACUNA_TOOLS_SCORE_REPORT_H

#include "BenchFacts.h"
#include "ScoreReport.h"

namespace lacuna::score {

struct ReportedFile {
  std::string name; ///< as on the command line
  std::string stem;
  std::vector<ScoredCurve> curves;
  std::vector<Note> notes;
  std::optional<BenchFacts> facts; ///< of a lacuna-bench result
};

struct Report {
  std::vector<ReportedFile> files;
  std::vector<std::string> command; ///< that writes the report
};

std::string toHtml(const Report &report);

/// For a POSIX shell, quoted where needed.
std::string shellCommand(const std::vector<std::string> &words);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_REPORT_H
