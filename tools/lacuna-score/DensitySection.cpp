// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How much of what a mask leaves out is saved: speed-up over dense attention against the share of pairs that attend.
#include "Chart.h"
#include "Html.h"
#include "ReportSections.h"
#include "Text.h"

#include <algorithm>
#include <map>

using namespace lacuna::score;

namespace {
enum class Kind { Right, AgainstDense, Wrong };
constexpr const char *kindNames[] = {"right result", "judged against dense", "wrong result"};
constexpr size_t kindStyles[] = {0, 3, 4};

struct Mark {
  const EntryFacts *entry;
  size_t number;
  Kind kind;
};
} // namespace

/// Entries with a density and a speed-up over dense. Results are right by the rules of lacuna-run where the reference
/// ran, else if they are correct at some level.
static std::vector<Mark> marksOf(const ReportedFile &file) {
  std::map<std::string, bool> correct;
  for (const ScoredCurve &curve : file.curves)
    if (curve.curve.name == file.stem + ":dense")
      for (const Sample &sample : curve.curve.samples)
        correct[sample.name] = sample.isCorrect(frozenLevel);
  std::vector<Mark> marks;
  for (const EntryFacts &entry : file.facts->entries) {
    bool isRight = entry.passed.value_or(correct[entry.name]);
    Kind kind = entry.comparesWithDense ? Kind::AgainstDense : isRight ? Kind::Right : Kind::Wrong;
    if (entry.density && entry.denseSpeedup)
      marks.push_back({&entry, marks.size() + 1, kind});
  }
  return marks;
}

static std::optional<double> boundOf(const EntryFacts &entry) {
  return entry.visitedShare ? std::optional(1 / *entry.visitedShare) : std::nullopt;
}

static Series makeSeries(const std::vector<Mark> &marks, Kind kind) {
  Series series;
  series.name = kindNames[size_t(kind)];
  series.hasLine = false;
  series.style = kindStyles[size_t(kind)];
  for (const Mark &mark : marks)
    if (mark.kind == kind)
      series.points.push_back({*mark.entry->density, *mark.entry->denseSpeedup, mark.entry->name,
                               std::to_string(mark.number), boundOf(*mark.entry)});
  return series;
}

static Chart densityChart(const std::vector<Mark> &marks, const std::string &id) {
  Chart chart;
  chart.id = id;
  chart.title = "Speed-up over dense attention";
  chart.description = std::to_string(marks.size()) + " entries by the share of pairs that attend; the numbers follow";
  chart.x = {"density: share of pairs that attend", Scale::Log10, Unit::Percent};
  chart.y = {"speed-up over dense", Scale::Log10, Unit::Times};
  chart.y.shown = {1};
  chart.baseLine = 1;
  for (Kind kind : {Kind::Right, Kind::AgainstDense, Kind::Wrong})
    if (Series series = makeSeries(marks, kind); !series.points.empty())
      chart.series.push_back(series);
  double least = 1;
  for (const Mark &mark : marks)
    least = std::min(least, *mark.entry->density);
  chart.x.shown = {1, least * 0.8};
  Series bound;
  bound.name = "1 / density";
  bound.points = {{least / 10, 10 / least}, {1, 1}};
  bound.hasMarks = false;
  bound.style = 1;
  chart.series.push_back(bound);
  return chart;
}

static std::string densityTable(const std::vector<Mark> &marks) {
  std::vector<std::vector<std::string>> rows;
  for (const Mark &mark : marks) {
    if (rows.size() == maxRows)
      break;
    const EntryFacts &entry = *mark.entry;
    std::optional<double> bound = boundOf(entry);
    rows.push_back({std::to_string(mark.number), escape(shorten(entry.name, 80)), formatPercent(entry.density),
                    formatPercent(entry.visitedShare), formatNumber(entry.overAttention), formatTimes(bound),
                    formatTimes(entry.denseSpeedup),
                    formatPercent(bound ? std::optional(*entry.denseSpeedup / *bound) : std::nullopt)});
  }
  return table(
             {"#no.", "entry", "#density", "#tiles visited", "#over-attention", "#bound", "#speed-up", "#of the bound"},
             rows) +
         omittedRows(marks.size() - rows.size());
}

std::string lacuna::score::densitySection(const ReportedFile &file, const std::string &id) {
  std::vector<Mark> marks = marksOf(file);
  if (marks.empty())
    return "";
  return figure("Speed-up over dense attention, and its bound",
                "The bar at the end of a mark's thin line is its own bound, all tiles / visited tiles: the shorter the "
                "line, the less is lost. The dashed line is the bound of a mask whose visited tiles hold attending "
                "pairs only. Numbers are those of the table.",
                toSvg(densityChart(marks, id + "-chart")), densityTable(marks));
}
