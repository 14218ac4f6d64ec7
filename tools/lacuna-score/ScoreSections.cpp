// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The summary and S(t) and ES(t).
#include "Chart.h"
#include "Html.h"
#include "ReportSections.h"
#include "Text.h"

#include <algorithm>
#include <map>

using namespace lacuna::score;

static std::vector<const ScoredCurve *> allCurves(const Report &report) {
  std::vector<const ScoredCurve *> curves;
  for (const ReportedFile &file : report.files)
    for (const ScoredCurve &curve : file.curves)
      curves.push_back(&curve);
  return curves;
}

static const LevelScore *levelOf(const ScoredCurve &curve, int t) {
  for (const LevelScore &level : curve.score.levels)
    if (level.t == t)
      return &level;
  return nullptr;
}

static std::string esText(const ScoredCurve &curve, int t) {
  const LevelScore *level = levelOf(curve, t);
  return formatNumber(level ? level->es : std::nullopt);
}

//===--- Summary --------------------------------------------------------------------------------------------------===//

/// How often each class; classes that never occur are left out.
static std::string failuresTable(const std::vector<const ScoredCurve *> &curves) {
  std::map<SampleStatus, std::vector<size_t>> counts;
  for (size_t i = 0; i < curves.size(); ++i)
    for (const Sample &sample : curves[i]->curve.samples)
      if (SampleStatus status = sample.statusAt(frozenLevel); status != SampleStatus::Correct) {
        counts[status].resize(curves.size());
        ++counts[status][i];
      }
  if (counts.empty())
    return paragraph("No failures.");
  std::vector<std::string> columns = {"failures at t = 1"};
  std::vector<std::vector<std::string>> rows(curves.size());
  for (size_t i = 0; i < curves.size(); ++i)
    rows[i].push_back(escape(shorten(curves[i]->curve.name, 60)));
  for (const auto &[status, numbers] : counts) {
    columns.push_back(std::string("#") + statusName(status));
    for (size_t i = 0; i < curves.size(); ++i)
      rows[i].push_back(numbers[i] ? std::to_string(numbers[i]) : "\xE2\x80\x93");
  }
  return table(columns, rows);
}

static size_t correctAt(const ScoredCurve &curve, int t) {
  const std::vector<Sample> &samples = curve.curve.samples;
  return size_t(std::count_if(samples.begin(), samples.end(), [&](const Sample &s) { return s.isCorrect(t); }));
}

static std::string optionsText(const ScoreOptions &options) {
  return "p = " + formatNumber(options.p) +
         " (a slowdown counts its speed-up to the power 1 + p), b = " + formatNumber(options.b) +
         " (what a failure counts), interpretation <code>" + interpretationName(options.interpretation) +
         "</code> (which failures are forgiven from which positive level on). A score says nothing without these.";
}

std::string lacuna::score::summarySection(const Report &report) {
  std::vector<const ScoredCurve *> curves = allCurves(report);
  size_t count = curves.size();
  curves.resize(std::min(count, maxRows));
  std::vector<std::vector<std::string>> rows;
  std::string undefined;
  for (const ScoredCurve *curve : curves) {
    const Aggregate &aggregate = curve->score.aggregate;
    rows.push_back({escape(shorten(curve->curve.name, 60)), std::to_string(curve->curve.samples.size()),
                    std::to_string(correctAt(*curve, -5)), std::to_string(correctAt(*curve, frozenLevel)),
                    esText(*curve, -5), esText(*curve, 0), esText(*curve, 1), esText(*curve, 4),
                    formatNumber(aggregate.value)});
    if (!aggregate.value && undefined.empty())
      undefined = paragraph("Aggregate of <code>" + escape(shorten(curve->curve.name, 80)) +
                            "</code>: " + escape(aggregate.undefined) + ".");
  }
  std::string html = curves.empty() ? "" : paragraph(optionsText(curves[0]->options));
  html += paragraph("A curve is named by its file and what the speed-up is over. \"Correct\" counts samples at the "
                    "tolerance that torch.testing takes (t = \xE2\x88\x92"
                    "5) and at the loosest one (t = 1). The aggregate is "
                    "the weighted mean of log10 ES(t): above 0 is faster than the baseline.");
  return html +
         table({"curve", "#samples",
                "#correct at \xE2\x88\x92"
                "5",
                "#correct at 1",
                "#ES(\xE2\x88\x92"
                "5)",
                "#ES(0)", "#ES(1)", "#ES(4)", "#aggregate"},
               rows) +
         undefined + failuresTable(curves) + omittedRows(count - curves.size());
}

//===--- Curves ---------------------------------------------------------------------------------------------------===//

static std::string levelTable(const std::vector<const ScoredCurve *> &curves) {
  std::vector<std::string> columns = {"#t"};
  std::map<int, std::vector<std::string>> rows;
  for (const ScoredCurve *curve : curves)
    for (const LevelScore &level : curve->score.levels)
      rows[level.t].push_back(formatLevel(level.t));
  std::vector<std::vector<std::string>> cells;
  for (auto &[t, row] : rows) {
    row.resize(1);
    for (const ScoredCurve *curve : curves) {
      const LevelScore *level = levelOf(*curve, t);
      row.push_back(formatNumber(level ? level->s : std::nullopt));
      row.push_back(formatNumber(level ? level->es : std::nullopt));
    }
    cells.push_back(row);
  }
  for (const ScoredCurve *curve : curves) {
    columns.push_back("#S, " + shorten(curve->curve.name, 40));
    columns.push_back("#ES, " + shorten(curve->curve.name, 40));
  }
  return table(columns, cells);
}

/// The names of curves of one file start alike: "bench:dense" is "dense" then.
static std::string shortName(const Report &report, const ScoredCurve &curve) {
  const std::string &name = curve.curve.name;
  std::string start = report.files.size() == 1 ? report.files[0].stem + ":" : "";
  return !start.empty() && name.size() > start.size() && name.compare(0, start.size(), start) == 0
             ? name.substr(start.size())
             : name;
}

static Chart levelChart(const Report &report, const std::vector<const ScoredCurve *> &curves, size_t number) {
  Chart chart;
  chart.id = "es" + std::to_string(number);
  chart.title = "S(t) and ES(t)";
  chart.x = {"tolerance level t: strict on the left, loose on the right", Scale::Linear, Unit::Level};
  chart.x.shown = {double(minLevel), double(lastLevel(curves[0]->options.interpretation))};
  chart.x.exact = true;
  chart.y = {"score: speed-up of the average sample", Scale::Log10, Unit::Times};
  chart.baseLine = 1;
  chart.crossings = {{0, "S = ES up to here, then ES alone"}};
  for (size_t i = 0; i < curves.size(); ++i) {
    Series series;
    series.name = shortName(report, *curves[i]);
    series.style = i;
    for (const LevelScore &level : curves[i]->score.levels)
      if (level.es)
        series.points.push_back({double(level.t), *level.es});
    chart.description += (i ? ", " : "Curves: ") + shorten(series.name, 40);
    chart.series.push_back(series);
  }
  return chart;
}

std::string lacuna::score::curvesSection(const Report &report) {
  std::vector<const ScoredCurve *> curves = allCurves(report);
  constexpr size_t most = 10 * numStyles;
  std::string html;
  for (size_t first = 0; first < std::min(curves.size(), most); first += numStyles) {
    std::vector<const ScoredCurve *> some(curves.begin() + ptrdiff_t(first),
                                          curves.begin() + ptrdiff_t(std::min(first + numStyles, curves.size())));
    Chart chart = levelChart(report, some, first / numStyles);
    html +=
        figure(chart.title,
               "Above 1\xC3\x97: faster than the baseline. Failures and wrong results pull a curve down, on the right "
               "they are forgiven one class after another. Up to t = 0 both scores are the same.",
               toSvg(chart), levelTable(some));
  }
  return html + omittedRows(curves.size() - std::min(curves.size(), most));
}
