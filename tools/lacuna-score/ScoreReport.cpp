// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ScoreReport.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

using namespace lacuna::score;
using Json = nlohmann::ordered_json;

//===--- JSON -----------------------------------------------------------------------------------------------------===//

static Json orNull(std::optional<double> value) { return value && std::isfinite(*value) ? Json(*value) : Json(); }

static Json parametersJson(const LevelScore &level, const std::vector<ErrorClass> &classes) {
  const std::optional<Parameters> &of = level.parameters;
  auto value = [&](double Parameters::*member) { return of ? orNull((*of).*member) : Json(); };
  Json pi = Json::object();
  for (size_t i = 0; i < classes.size(); ++i)
    pi[classes[i].name] = of ? Json(of->pi[i]) : Json();
  return {{"lambda", value(&Parameters::lambda)}, {"alpha", value(&Parameters::alpha)},
          {"beta", value(&Parameters::beta)},     {"eta", value(&Parameters::eta)},
          {"gamma", value(&Parameters::gamma)},   {"pi", pi}};
}

static void addLevels(Json &json, const ScoredCurve &curve) {
  const std::vector<ErrorClass> &classes = errorClasses(curve.options.interpretation);
  Json s = Json::object(), es = Json::object(), parameters = Json::object();
  for (const LevelScore &level : curve.score.levels) {
    std::string key = std::to_string(level.t);
    s[key] = orNull(level.s);
    es[key] = orNull(level.es);
    parameters[key] = parametersJson(level, classes);
  }
  json["S"] = s;
  json["ES"] = es;
  json["aggregate"] = orNull(curve.score.aggregate.value);
  json["aggregate_undefined"] = curve.score.aggregate.value ? Json() : Json(curve.score.aggregate.undefined);
  json["parameters"] = parameters;
}

static Json samplesJson(const std::vector<Sample> &samples) {
  Json list = Json::array();
  for (const Sample &sample : samples) {
    std::optional<int> from = sample.correctFrom();
    list.push_back({{"name", sample.name},
                    {"status", statusName(sample.statusAt(frozenLevel))},
                    {"speedup", orNull(sample.speedup)},
                    {"correct_from", from ? Json(*from) : Json()}});
  }
  return list;
}

static Json notesJson(const std::vector<Note> &notes) {
  Json list = Json::array();
  for (const Note &note : notes)
    list.push_back({{"file", note.file}, {"line", note.line ? Json(*note.line) : Json()}, {"why", note.why}});
  return list;
}

static Json curveJson(const ScoredCurve &curve) {
  Json json;
  json["schema_version"] = 1;
  json["lacuna_version"] = LACUNA_VERSION;
  json["curve"] = curve.curve.name;
  json["p"] = curve.options.p;
  json["b"] = curve.options.b;
  json["interpretation"] = interpretationName(curve.options.interpretation);
  addLevels(json, curve);
  json["samples"] = samplesJson(curve.curve.samples);
  json["ignored"] = notesJson(curve.curve.notes);
  return json;
}

std::string lacuna::score::toJson(const std::vector<ScoredCurve> &curves) {
  Json json;
  if (curves.size() == 1) {
    json = curveJson(curves.front());
  } else {
    json["curves"] = Json::array();
    for (const ScoredCurve &curve : curves)
      json["curves"].push_back(curveJson(curve));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

//===--- Text -----------------------------------------------------------------------------------------------------===//

template <typename... Values> static std::string format(const char *text, Values... values) {
  char line[256];
  snprintf(line, sizeof(line), text, values...);
  return line;
}

/// Right-aligned in ten columns, "-" for nothing.
static std::string cell(std::optional<double> value) {
  if (!value)
    return format("%11s", "-");
  bool plain = *value == 0 || (std::abs(*value) >= 1e-4 && std::abs(*value) < 1e4);
  return format(plain ? "%11.6f" : "%11.3e", *value);
}

static std::string levelText(const LevelScore &level) {
  std::string text = format("%4d", level.t) + cell(level.s) + cell(level.es);
  for (double Parameters::*member :
       {&Parameters::lambda, &Parameters::alpha, &Parameters::beta, &Parameters::eta, &Parameters::gamma})
    text += cell(level.parameters ? std::optional<double>((*level.parameters).*member) : std::nullopt);
  return text + "\n";
}

static std::string sampleText(const Sample &sample) {
  std::optional<int> from = sample.correctFrom();
  std::string text = format("%-14s", statusName(sample.statusAt(frozenLevel))) + cell(sample.speedup) +
                     format("%14s  ", from ? std::to_string(*from).c_str() : "-");
  return text + (sample.name.empty() ? "(no name)" : printable(sample.name)) + "\n";
}

std::string lacuna::score::toText(const ScoredCurve &curve) {
  const ScoreOptions &options = curve.options;
  const Aggregate &aggregate = curve.score.aggregate;
  std::string text = "curve           " + printable(curve.curve.name) + "\n";
  text +=
      "samples         " + (curve.curve.samples.empty() ? "no samples" : std::to_string(curve.curve.samples.size()));
  text += format("\npenalties       p = %g for slowdowns, b = %g for failures\n", options.p, options.b);
  text += std::string("interpretation  ") + interpretationName(options.interpretation) + "\n";
  text +=
      "aggregate       " + (aggregate.value ? format("%.6f", *aggregate.value) : "undefined: " + aggregate.undefined);
  text +=
      format("\n\n%4s%11s%11s%11s%11s%11s%11s%11s\n", "t", "S(t)", "ES(t)", "lambda", "alpha", "beta", "eta", "gamma");
  for (const LevelScore &level : curve.score.levels)
    text += levelText(level);
  if (!curve.curve.samples.empty())
    text += format("\n%-14s%11s%14s  %s\n", "status", "speedup", "correct from", "sample");
  for (const Sample &sample : curve.curve.samples)
    text += sampleText(sample);
  if (!curve.curve.notes.empty())
    text += "\nnotes           " + std::to_string(curve.curve.notes.size()) +
            ", on what was ignored or not counted as written\n";
  return text;
}
