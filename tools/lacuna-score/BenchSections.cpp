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
    if (!entry.comparesWithDense || !isMeasured || ++count > maxRows)
      continue;
    rows.push_back({escape(shorten(entry.name, 80)), formatPercent(entry.density), formatPercent(entry.massKept),
                    formatNumber(entry.maxAbsError), formatNumber(entry.maxRowError), formatNumber(entry.relativeL2)});
  }
  if (rows.empty())
    return "";
  return paragraph(
             "Entries that are judged against dense attention on the same inputs, as approximate masks are (and any "
             "mask if nothing but dense ran): how much of its softmax lies on the pairs that attend (mean of the "
             "rows), and how far the outputs are from its own.") +
         table({"entry", "#density", "#mass kept", "#max. error", "#of the row's largest", "#relative L2"}, rows) +
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

static std::string entriesTable(const BenchFacts &facts) {
  std::vector<std::vector<std::string>> rows;
  for (const EntryFacts &entry : facts.entries) {
    if (rows.size() == maxRows)
      break;
    std::string words = entry.note;
    for (const std::string &more : {entry.status == "ok" ? "" : entry.status, entry.error})
      words += (words.empty() || more.empty() ? "" : "; ") + more;
    rows.push_back({escape(shorten(entry.name, 80)), escape(shorten(entry.source, 120)),
                    escape(shorten(entry.about, 200)), escape(shorten(words, 300))});
  }
  return rows.empty()
             ? ""
             : table({"entry", "from", "inputs", "notes"}, rows) + omittedRows(facts.entries.size() - rows.size());
}

std::string lacuna::score::machineSection(const BenchFacts &facts) {
  std::string machine = lacuna::score::facts(facts.machine), run = lacuna::score::facts(facts.run),
              entries = entriesTable(facts);
  return machine + (run.empty() ? "" : "<h3>The run</h3>\n" + run) +
         (entries.empty() ? "" : details("The entries", entries));
}
