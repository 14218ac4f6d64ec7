// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Time against length of entries that differ in nothing else, and from where on ours is the fastest.
#include "Chart.h"
#include "Families.h"
#include "Html.h"
#include "ReportSections.h"
#include "Text.h"

#include <algorithm>

using namespace lacuna::score;

/// Names of the sides of a family in the order of the suite.
static std::vector<std::string> sidesOf(const Family &family) {
  std::vector<std::string> names;
  for (const Family::Member &member : family.members)
    for (const SideFacts &side : member.entry->sides)
      if (side.seconds && std::find(names.begin(), names.end(), side.name) == names.end())
        names.push_back(side.name);
  return names;
}

static Series timesOf(const Family &family, const std::string &name, size_t style) {
  Series series;
  series.name = name;
  series.style = style;
  series.isThick = name == "ours";
  for (const Family::Member &member : family.members)
    if (const SideFacts *side = member.entry->side(name); side && side->seconds)
      series.points.push_back({member.length, *side->seconds});
  return series;
}

static Chart lengthChart(const Family &family, const std::vector<std::string> &sides, const std::string &id) {
  Chart chart;
  chart.id = id;
  chart.title = "Time of " + shorten(family.name, 80);
  chart.description = "Median times of";
  chart.x = {"length", Scale::Log2, Unit::Length};
  chart.y = {"median time", Scale::Log10, Unit::Seconds};
  for (size_t i = 0; i < std::min(sides.size(), numStyles); ++i) {
    chart.series.push_back(timesOf(family, sides[i], i));
    chart.description += (i ? ", " : " ") + shorten(sides[i], 40);
    for (const Crossover &crossover : compareAlong(family, sides[i]).crossovers)
      chart.crossings.push_back({crossover.length, (crossover.isFasterFrom ? "faster than " : "slower than ") +
                                                       shorten(sides[i], 16) + " from " +
                                                       formatLength(double(int64_t(crossover.length + 0.5)))});
  }
  return chart;
}

static std::string timesTable(const Family &family, const std::vector<std::string> &sides) {
  std::vector<std::string> columns = {"#length"};
  bool fluctuates = false;
  for (const std::string &side : sides)
    columns.push_back("#" + shorten(side, 30));
  std::vector<std::vector<std::string>> rows;
  for (const Family::Member &member : family.members) {
    std::vector<std::string> row = {formatLength(member.length)};
    for (const std::string &name : sides) {
      const SideFacts *side = member.entry->side(name);
      std::string failure = side && !side->seconds && side->status != "ok" ? shorten(side->status, 20) : "";
      bool isFluctuating = side && side->seconds && side->isFluctuating;
      fluctuates |= isFluctuating;
      row.push_back(failure.empty() ? formatSeconds(side ? side->seconds : std::nullopt) + (isFluctuating ? "*" : "")
                                    : "<span class=\"bad\">" + escape(failure) + "</span>");
    }
    rows.push_back(row);
  }
  return table(columns, rows) + (fluctuates ? paragraph("* fluctuated: the middle half of the runs spans more "
                                                        "than a fifth of the median.")
                                            : "");
}

/// "dense: faster from 1448 on" for each baseline.
static std::string duelWords(const Family &family, const std::vector<std::string> &sides) {
  std::string words;
  for (const std::string &side : sides) {
    Duel duel = compareAlong(family, side);
    if (side == "ours" || duel.count == 0)
      continue;
    words += (words.empty() ? "Ours against " : "; ") + shorten(side, 40) + ": ";
    if (duel.crossovers.empty())
      words += duel.wins ? "faster at every length" : "slower at every length";
    for (size_t i = 0; i < duel.crossovers.size(); ++i)
      words += (i ? ", " : "") + std::string(duel.crossovers[i].isFasterFrom ? "faster" : "slower") + " from about " +
               formatNumber(duel.crossovers[i].length);
  }
  return words.empty() ? words : words + ".";
}

std::string lacuna::score::lengthSection(const BenchFacts &facts, const std::string &id) {
  constexpr size_t most = 24;
  std::vector<Family> families = groupFamilies(facts.entries);
  std::string html;
  for (size_t i = 0; i < families.size() && i < most; ++i) {
    std::vector<std::string> sides = sidesOf(families[i]);
    if (sides.empty())
      continue;
    Chart chart = lengthChart(families[i], sides, id + "-chart" + std::to_string(i));
    html += figure(shorten(families[i].name, 80), duelWords(families[i], sides), toSvg(chart),
                   timesTable(families[i], sides));
  }
  return html.empty()
             ? html
             : paragraph("Both axes are logarithmic. Dotted lines mark where ours overtakes a baseline, or falls "
                         "behind one; between measured lengths they are interpolated.") +
                   html + omittedRows(families.size() - std::min(families.size(), most));
}
