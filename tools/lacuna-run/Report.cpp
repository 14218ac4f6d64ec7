// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Report.h"

#include "runtime/DType.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace lacuna;
using namespace lacuna::run;
using namespace lacuna::runtime;
using Json = nlohmann::ordered_json;
using llvm::formatv;

bool Report::passed() const {
  return !check || llvm::all_of(*check, [](const NamedDifference &named) { return named.difference.passed; });
}

Times lacuna::run::summarize(std::vector<double> seconds) {
  llvm::sort(seconds);
  size_t middle = seconds.size() / 2;
  double median = seconds.size() % 2 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2;
  return {median, seconds.front(), seconds.back()};
}

/// Tile numbers speak for the run only if every launch was counted.
static bool counted(const lacunaTileCounts &counts) {
  return counts.launches > 0 && counts.counted_launches == counts.launches;
}

/// The share of attended pairs, where tiles tell it: no partial ones.
static std::optional<double> density(const lacunaTileCounts &counts) {
  if (!counted(counts) || counts.total <= 0 || counts.partial != 0)
    return std::nullopt;
  return double(counts.full) / double(counts.total);
}

/// The result with the largest error for what it is allowed; null without results.
static const NamedDifference *worstOf(const std::vector<NamedDifference> &check) {
  auto worst = std::max_element(check.begin(), check.end(), [](const NamedDifference &a, const NamedDifference &b) {
    return a.difference.worst < b.difference.worst;
  });
  return worst == check.end() ? nullptr : &*worst;
}

//===--- JSON -----------------------------------------------------------------------------------------------------===//

static Json orNull(std::optional<double> value) { return value && std::isfinite(*value) ? Json(*value) : Json(); }

static Json tilesJson(const lacunaTileCounts &counts) {
  Json tiles = {{"total", Json()}, {"full", Json()}, {"partial", Json()}, {"empty", Json()}};
  if (!counted(counts))
    return tiles;
  tiles["full"] = counts.full;
  tiles["partial"] = counts.partial;
  if (counts.total < 0)
    return tiles;
  tiles["total"] = counts.total;
  tiles["empty"] = counts.total - counts.full - counts.partial;
  return tiles;
}

static void addCheck(Json &json, const Report &report) {
  std::optional<double> absolute, relative, tolerance;
  if (report.check) {
    absolute = relative = 0;
    for (const NamedDifference &named : *report.check) {
      absolute = std::max(*absolute, named.difference.maxAbsolute);
      relative = std::max(*relative, named.difference.maxRowRelative);
    }
    if (const NamedDifference *worst = worstOf(*report.check))
      tolerance = worst->difference.rule.relative;
  }
  json["max_abs_error"] = orNull(absolute);
  json["max_row_relative_error"] = orNull(relative);
  json["tolerance"] = orNull(tolerance);
  json["passed"] = report.check ? Json(report.passed()) : Json();
}

std::string lacuna::run::toJson(const Report &report) {
  Times times = summarize(report.seconds);
  Json json;
  json["schema_version"] = 1;
  json["lacuna_version"] = lacunaVersion();
  json["entry"] = report.entry;
  json["device"] = report.device;
  json["target"] = report.target;
  json["schedule"] = report.schedule;
  json["dtype"] = report.dtype ? Json(dtypeName(*report.dtype)) : Json();
  json["shape"] = report.dtype ? Json(report.shape) : Json();
  json["repeat"] = report.seconds.size();
  json["seconds"] = {{"median", times.median}, {"min", times.min}, {"max", times.max}};
  json["selection_seconds"] = Json();
  json["index_seconds"] = Json();
  json["compile_seconds"] = orNull(report.compileSeconds);
  json["density"] = orNull(density(report.counts));
  json["tiles"] = tilesJson(report.counts);
  json["tflops"] = Json(); // would need the number of attended pairs
  addCheck(json, report);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

//===--- Text -----------------------------------------------------------------------------------------------------===//

static std::string duration(double seconds) {
  if (seconds < 1e-3)
    return formatv("{0:f2} us", seconds * 1e6);
  return seconds < 1 ? formatv("{0:f3} ms", seconds * 1e3).str() : formatv("{0:f3} s", seconds).str();
}

static std::string timesText(const std::vector<double> &seconds) {
  Times times = summarize(seconds);
  if (seconds.size() == 1)
    return duration(times.median);
  return formatv("{0} (median of {1}, min {2}, max {3})", duration(times.median), seconds.size(), duration(times.min),
                 duration(times.max));
}

static std::string tilesText(const lacunaTileCounts &counts) {
  std::string text = formatv("{0} visited", counts.full + counts.partial);
  if (counts.total >= 0)
    text += formatv(" of {0}", counts.total);
  text += formatv(" ({0} full, {1} partial)", counts.full, counts.partial);
  if (!counted(counts))
    text += formatv(", in {0} of {1} launches", counts.counted_launches, counts.launches);
  return text;
}

/// printf, because formatv has no %g and writes infinities in capitals.
static std::string number(const char *format, double value) {
  char text[32];
  snprintf(text, sizeof(text), format, value);
  return text;
}

static std::string toleranceText(const Rule &rule) {
  switch (rule.kind) {
  case Rule::Rows:
    return number("%.3g", rule.relative) + " of the row's largest magnitude";
  case Rule::Statistics:
    return number("%.3g", rule.relative) + " of max(1, |reference|)";
  case Rule::Elements:
    return number("%.3g", rule.absolute) + " + " + number("%.3g", rule.relative) + " * |reference|";
  case Rule::Exact:
    break;
  }
  return "exactly equal";
}

static std::string checkText(const NamedDifference &named) {
  const Difference &difference = named.difference;
  std::string verdict = difference.passed ? "PASS" : "FAIL";
  if (difference.position.empty() && difference.worst < 0)
    return formatv("{0} {1}: no elements", verdict, named.result);
  return formatv("{0} {1}: max_abs_error {2}, max_row_relative_error {3}, tolerance {4}; worst at [{5}]: got "
                 "{6}, reference {7}",
                 verdict, named.result, number("%.3e", difference.maxAbsolute),
                 number("%.3e", difference.maxRowRelative), toleranceText(difference.rule),
                 llvm::join(llvm::map_range(difference.position, [](int64_t i) { return std::to_string(i); }), ", "),
                 number("%.9g", difference.got), number("%.9g", difference.reference));
}

std::string lacuna::run::toText(const Report &report) {
  std::string text = formatv("entry     {0}({1})\n", report.entry, llvm::join(report.arguments, ", "));
  text += formatv("target    {0} on {1}\n", report.target, report.device);
  llvm::StringRef schedules = report.schedule;
  while (!schedules.empty()) {
    auto [line, rest] = schedules.split('\n');
    text += formatv("schedule  {0}\n", line);
    schedules = rest;
  }
  if (report.compileSeconds)
    text += formatv("compile   {0}\n", duration(*report.compileSeconds));
  text += formatv("time      {0}\n", timesText(report.seconds));
  if (report.counts.counted_launches > 0)
    text += formatv("tiles     {0}\n", tilesText(report.counts));
  if (report.check)
    for (const NamedDifference &named : *report.check)
      text += formatv("check     {0}\n", checkText(named));
  return text;
}
