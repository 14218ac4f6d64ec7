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
static std::string sampleCell(const Sample &sample) {
  SampleStatus status = sample.statusAt(frozenLevel);
  std::optional<int> from = sample.correctFrom();
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
  std::vector<std::pair<std::string, std::string>> failures; ///< what happened, and over which baselines
};
} // namespace

static void addFailure(Row &row, const std::string &what, const std::string &baseline) {
  for (auto &[known, baselines] : row.failures)
    if (known == what) {
      baselines += ", " + baseline;
      return;
    }
  if (!what.empty())
    row.failures.emplace_back(what, baseline);
}

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
        rows.push_back({sample.name, {}, {}});
      }
      Row &row = rows[numbers[repetition]];
      row.cells.resize(column + 1);
      row.cells[column] = sampleCell(sample);
      addFailure(row, sample.failure, baseline);
    }
  }
  return rows;
}

static std::string nameOf(const Row &row) { return row.name.empty() ? "(no name)" : escape(shorten(row.name, 120)); }

static std::string samplesTable(const ReportedFile &file, const std::vector<Row> &rows) {
  std::vector<std::string> columns = {"sample"};
  for (const ScoredCurve &curve : file.curves)
    columns.push_back(file.facts ? "#over " + shorten(baselineOf(file, curve), 30) : "#speed-up");
  std::vector<std::vector<std::string>> cells;
  for (size_t i = 0; i < rows.size() && i < maxRows; ++i) {
    std::vector<std::string> line = {nameOf(rows[i])};
    for (size_t column = 0; column < file.curves.size(); ++column) {
      bool isThere = column < rows[i].cells.size() && !rows[i].cells[column].empty();
      line.push_back(isThere ? rows[i].cells[column] : "\xE2\x80\x93");
    }
    cells.push_back(line);
  }
  return table(columns, cells) + omittedRows(rows.size() - cells.size());
}

/// Messages are long: by themselves, and the same one once for all baselines.
static std::string failuresTable(const std::vector<Row> &rows) {
  std::vector<std::vector<std::string>> cells;
  size_t count = 0;
  for (const Row &row : rows)
    for (const auto &[what, baselines] : row.failures)
      if (++count <= maxRows)
        cells.push_back({nameOf(row), escape(shorten(baselines, 120)), escape(shorten(what, 400))});
  return cells.empty() ? "" : table({"sample", "over", "what happened"}, cells) + omittedRows(count - cells.size());
}

std::string lacuna::score::samplesSection(const Report &report) {
  std::string html =
      paragraph("The speed-up over each baseline, end to end, and the strictest level t from which on the "
                "results are right; or how the sample failed.");
  for (const ReportedFile &file : report.files) {
    if (file.curves.empty())
      continue;
    std::vector<Row> rows = rowsOf(file);
    html += report.files.size() > 1 ? "<h3>" + escape(shorten(file.stem, 80)) + "</h3>\n" : "";
    html += samplesTable(file, rows) + failuresTable(rows);
  }
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
