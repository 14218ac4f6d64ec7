// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Approximations, pictures and the machine of a lacuna-bench result.
#include "Html.h"
#include "ReportSections.h"
#include "SvgFilter.h"
#include "Text.h"

#include <algorithm>

using namespace lacuna::score;

std::string lacuna::score::approximationSection(const BenchFacts &facts) {
  std::vector<std::vector<std::string>> rows;
  size_t count = 0;
  for (const EntryFacts &entry : facts.entries) {
    bool isMeasured = entry.massKept || entry.maxAbsError || entry.relativeL2;
    if (!isMeasured || ++count > maxRows)
      continue;
    rows.push_back({escape(shorten(entry.name, 80)), formatPercent(entry.density), formatPercent(entry.massKept),
                    formatNumber(entry.maxAbsError), formatNumber(entry.maxRowError), formatNumber(entry.relativeL2),
                    entry.comparesWithDense ? "dense" : "its own mask"});
  }
  if (rows.empty())
    return "";
  return paragraph("How far the outputs are from those of dense attention on the same inputs, and how much of dense "
                   "attention's softmax lies on the pairs that attend (mean of the rows). Where the mask is no "
                   "approximation but what is wanted, a difference is no error.") +
         table({"entry", "#density", "#mass kept", "#max. error", "#of the row's largest", "#relative L2",
                "judged against"},
               rows) +
         omittedRows(count - rows.size());
}

std::string lacuna::score::pictureSection(const BenchFacts &facts, const std::string &id) {
  constexpr size_t most = 48;
  std::string html, refused;
  size_t count = 0;
  for (const EntryFacts &entry : facts.entries) {
    if (entry.picture.empty() || ++count > most)
      continue;
    std::string name = escape(shorten(entry.name, 80));
    runtime::Result<std::string> picture = filterPicture(entry.picture, id + "-" + std::to_string(count));
    if (picture.ok())
      html += "<figure>\n<figcaption>" + name + "</figcaption>\n" + *picture + "\n</figure>\n";
    else
      refused += paragraph(name + ": " + escape(picture.status().message));
  }
  if (!html.empty())
    html = paragraph(
               "Rows are queries, columns are keys. Full tiles are computed without a look at the mask, hatched ones "
               "pair by pair, the rest not at all.") +
           "<div class=\"masks\">\n" + html + "</div>\n";
  return html + refused + omittedRows(count - std::min(count, most));
}

std::string lacuna::score::machineSection(const BenchFacts &facts) {
  std::string machine = lacuna::score::facts(facts.machine), run = lacuna::score::facts(facts.run);
  return machine + (run.empty() ? "" : "<h3>The run</h3>\n" + run);
}
