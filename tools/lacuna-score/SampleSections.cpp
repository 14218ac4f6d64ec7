// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The samples one by one, and what readers had to say.
#include "Html.h"
#include "ReportSections.h"
#include "Text.h"

#include <map>

using namespace lacuna::score;

std::string lacuna::score::omittedRows(size_t count) {
  return count == 0 ? "" : paragraph("<span class=\"soft\">" + std::to_string(count) + " more are not shown.</span>");
}

/// One sample against one baseline: "2.4x" and from which level it is correct, or how it failed.
static std::string sampleCell(const Sample &sample, std::string &errors, const std::string &baseline) {
  SampleStatus status = sample.statusAt(frozenLevel);
  std::optional<int> from = sample.correctFrom();
  if (!sample.failure.empty())
    errors += (errors.empty() ? "" : "<br/>") + escape(baseline) + ": " + escape(shorten(sample.failure, 200));
  std::string speedup = sample.speedup ? formatTimes(sample.speedup) : "";
  if (status == SampleStatus::Correct)
    return speedup + "<br/><span class=\"soft\">t \xE2\x89\xA5 " + formatLevel(*from) + "</span>";
  return (speedup.empty() ? "" : speedup + "<br/>") + "<span class=\"bad\">" + statusName(status) + "</span>";
}

static std::string baselineOf(const ReportedFile &file, const ScoredCurve &curve) {
  size_t start = file.facts ? file.stem.size() + 1 : 0;
  return curve.curve.name.size() > start ? curve.curve.name.substr(start) : curve.curve.name;
}

namespace {
struct Row {
  std::string name;
  std::vector<std::string> cells;
  std::string errors;
};
} // namespace

/// Samples of the same name are one row, one column per curve.
static std::vector<Row> rowsOf(const ReportedFile &file) {
  std::vector<Row> rows;
  std::map<std::string, std::vector<size_t>> byName;
  for (size_t column = 0; column < file.curves.size(); ++column) {
    std::map<std::string, size_t> seen;
    std::string baseline = shorten(baselineOf(file, file.curves[column]), 40);
    for (const Sample &sample : file.curves[column].curve.samples) {
      size_t repetition = seen[sample.name]++;
      std::vector<size_t> &numbers = byName[sample.name];
      if (numbers.size() == repetition) {
        numbers.push_back(rows.size());
        rows.push_back({sample.name, {}, ""});
      }
      Row &row = rows[numbers[repetition]];
      row.cells.resize(column + 1);
      row.cells[column] = sampleCell(sample, row.errors, baseline);
    }
  }
  return rows;
}

static std::string samplesTable(const ReportedFile &file) {
  std::vector<std::string> columns = {"sample"};
  bool hasErrors = false;
  for (const ScoredCurve &curve : file.curves)
    columns.push_back("#over " + shorten(baselineOf(file, curve), 30));
  if (!file.facts && file.curves.size() == 1)
    columns[1] = "#speed-up";
  std::vector<Row> rows = rowsOf(file);
  for (const Row &row : rows)
    hasErrors |= !row.errors.empty();
  if (hasErrors)
    columns.push_back("what happened");
  std::vector<std::vector<std::string>> cells;
  for (size_t i = 0; i < rows.size() && i < maxRows; ++i) {
    Row &row = rows[i];
    std::vector<std::string> line = {row.name.empty() ? "(no name)" : escape(shorten(row.name, 120))};
    row.cells.resize(file.curves.size());
    for (const std::string &cell : row.cells)
      line.push_back(cell.empty() ? "\xE2\x80\x93" : cell);
    if (hasErrors)
      line.push_back(row.errors);
    cells.push_back(line);
  }
  return table(columns, cells) + omittedRows(rows.size() - cells.size());
}

std::string lacuna::score::samplesSection(const Report &report) {
  std::string html = paragraph("The speed-up over each baseline, end to end, and the strictest level t from which on the "
                               "results are right; or how the sample failed.");
  for (const ReportedFile &file : report.files)
    if (!file.curves.empty())
      html += (report.files.size() > 1 ? "<h3>" + escape(shorten(file.stem, 80)) + "</h3>\n" : "") + samplesTable(file);
  return html;
}

std::string lacuna::score::notesSection(const Report &report) {
  std::vector<std::vector<std::string>> rows;
  size_t count = 0;
  for (const ReportedFile &file : report.files)
    for (const Note &note : file.notes)
      if (++count <= maxRows)
        rows.push_back({escape(shorten(note.file, 80)) + (note.line ? ":" + std::to_string(*note.line) : ""),
                        escape(shorten(note.why, 400))});
  if (rows.empty())
    return paragraph("Everything in the files was used as it is written.");
  return paragraph("What was ignored, or not counted as it is written:") + table({"where", "what"}, rows) +
         omittedRows(count - rows.size());
}
