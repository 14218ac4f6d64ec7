// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sections of a report, each as HTML; empty where there is nothing to show.
#ifndef LACUNA_TOOLS_SCORE_REPORTSECTIONS_H
#define LACUNA_TOOLS_SCORE_REPORTSECTIONS_H

#include "Report.h"

namespace lacuna::score {

// ScoreSections.cpp, SampleSections.cpp: of all files.
std::string summarySection(const Report &report);
std::string curvesSection(const Report &report);
std::string samplesSection(const Report &report);
std::string notesSection(const Report &report);

// DensitySection.cpp, LengthSection.cpp, BenchSections.cpp: of one lacuna-bench result; `id` is unique in the page.
std::string densitySection(const ReportedFile &file, const std::string &id);
std::string lengthSection(const BenchFacts &facts, const std::string &id);
std::string approximationSection(const BenchFacts &facts);
std::string pictureSection(const BenchFacts &facts, const std::string &id);
std::string machineSection(const BenchFacts &facts);

/// Rows of a table that would not fit are counted in its place.
constexpr size_t maxRows = 500;
std::string omittedRows(size_t count);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_REPORTSECTIONS_H
