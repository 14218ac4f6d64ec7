// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "EntryResult.h"

#include "Compare.h"
#include "JsonReader.h"
#include "Judge.h"
#include "Statistics.h"
#include "runtime/DType.h"

#include <algorithm>
#include <cmath>

using namespace lacuna;
using namespace lacuna::bench;
using namespace lacuna::run;

static Json orNull(double value) { return std::isfinite(value) ? Json(value) : Json(); }

static std::optional<double> numberOf(const Json &json) {
  return json.is_number() ? std::optional(json.get<double>()) : std::nullopt;
}

static std::optional<double> medianOf(const Side *side) {
  if (!side || side->seconds.empty())
    return std::nullopt;
  return summarize(side->seconds).median;
}

static Json orNull(std::optional<double> value) { return value ? orNull(*value) : Json(); }

namespace {
class Maker {
public:
  Maker(const EntryRun &run, const ResultOptions &options) : run(run), options(options), ours(*run.sides[0]) {}
  Json make();

private:
  const Side *find(SideKind kind) const;
  Json sideJson(const Side &side) const;
  void addTimes(Json &json, const Side &side) const;
  void addErrors(Json &json, const Side &side) const;
  Json quality(const Json &oursJson) const;
  const Side *judgeFor(const Side &baseline) const;
  Json comparison(const Side &baseline) const;
  Json speedup(const Side &baseline) const;
  std::string judgeOutputs(Json &json, const Side &expected) const;
  std::string resultName(size_t number) const;
  bool isLse(size_t number) const {
    return !run.entry.lse.empty() && (resultName(number) == run.entry.lse || std::to_string(number) == run.entry.lse);
  }
  bool failsFluctuating(const Side &side) const { return options.failFluctuating && side.isFluctuating(); }

  const EntryRun &run;
  const ResultOptions &options;
  const Side &ours;
};
} // namespace

const Side *Maker::find(SideKind kind) const {
  for (const auto &side : run.sides)
    if (side->spec.kind == kind && side->isAlive() && !side->outputs.empty())
      return side.get();
  return nullptr;
}

std::string Maker::resultName(size_t number) const {
  const Json &names = memberOf(run.program, "results");
  bool known = names.is_array() && number < names.size() && names[number].is_string();
  return known ? names[number].get<std::string>() : "result" + std::to_string(number);
}

//===--- Sides ----------------------------------------------------------------------------------------------------===//

static Json statisticsJson(const std::vector<double> &seconds) {
  if (seconds.empty())
    return Json();
  Statistics s = summarize(seconds);
  return {{"median", s.median}, {"iqr", s.iqr}, {"mean", s.mean}, {"std", s.std},
          {"min", s.min},       {"max", s.max}, {"all", seconds}};
}

void Maker::addTimes(Json &json, const Side &side) const {
  json["seconds"] = statisticsJson(side.seconds);
  json["device_seconds"] = statisticsJson(side.deviceSeconds);
  json["fluctuating"] = side.isFluctuating();
  for (const char *key : {"compile_seconds", "preparation_seconds"})
    json[key] = memberOf(side.facts, key);
  json["selection_seconds"] = &side == &ours ? orNull(medianOf(run.selection.get())) : Json();
  json["index_seconds"] = &side == &ours ? orNull(medianOf(run.index.get())) : Json();
  for (const char *key : {"peak_memory_bytes", "run_memory_bytes", "tiles"})
    json[key] = memberOf(side.facts, key);
  const Json &full = memberOf(json["tiles"], "full"), &partial = memberOf(json["tiles"], "partial");
  std::optional<double> median = medianOf(&side);
  bool perTile = median && full.is_number() && full.get<double>() + partial.get<double>() > 0;
  json["seconds_per_tile"] = perTile ? Json(*median / (full.get<double>() + partial.get<double>())) : Json();
}

/// Against the reference, by the rules of lacuna-run --check.
void Maker::addErrors(Json &json, const Side &side) const {
  for (const char *key : {"max_abs_error", "max_row_relative_error", "tolerance", "passed"})
    json[key] = Json();
  const Side *reference = find(SideKind::Reference);
  if (!reference || !side.isAlive() || &side == reference || side.spec.kind == SideKind::Dense)
    return;
  std::optional<lacunaDType> inputType =
      runtime::parseDType(memberOf(run.program, "dtype").is_string() ? run.program["dtype"] : Json(""));
  size_t inputRank = memberOf(run.program, "rank").is_number_unsigned() ? run.program["rank"].get<size_t>() : 0;
  double absolute = 0, relative = 0, worst = -1;
  size_t count = std::min(side.outputs.size(), reference->outputs.size());
  for (size_t i = 0; i < count; ++i) {
    const HostTensor &got = side.outputs[i], &expected = reference->outputs[i];
    if (!runtime::sameDType(got.dtype, expected.dtype) || got.shape != expected.shape)
      return;
    Rule rule = chooseRule(got.dtype, got.shape.size(), inputType.value_or(got.dtype), inputRank, {}, {});
    Difference difference = compare(got, expected, rule);
    absolute = std::max(absolute, difference.maxAbsolute);
    relative = std::max(relative, difference.maxRowRelative);
    if (difference.worst > worst) {
      worst = difference.worst;
      json["tolerance"] = rule.relative;
    }
  }
  json["max_abs_error"] = orNull(absolute);
  json["max_row_relative_error"] = orNull(relative);
  json["passed"] = worst <= 1;
}

Json Maker::sideJson(const Side &side) const {
  Json json = {{"kind", sideKindName(side.spec.kind)}, {"status", side.status}};
  if (!side.error.empty())
    json["error"] = side.error;
  addTimes(json, side);
  if (memberOf(side.facts, "versions").is_object())
    json["versions"] = side.facts["versions"];
  addErrors(json, side);
  return json;
}

//===--- Approximation --------------------------------------------------------------------------------------------===//

Json Maker::quality(const Json &oursJson) const {
  Json json = {{"density", orNull(run.density)}};
  const Json &tiles = memberOf(oursJson, "tiles");
  std::optional<double> total = numberOf(memberOf(tiles, "total")), full = numberOf(memberOf(tiles, "full")),
                        partial = numberOf(memberOf(tiles, "partial"));
  bool counted = total && full && partial && *total > 0 && run.density && *run.density > 0;
  json["over_attention"] = counted ? Json((*full + *partial) / *total / *run.density) : Json();
  for (const char *key :
       {"softmax_mass_kept", "dense_max_abs_error", "dense_max_row_relative_error", "dense_relative_l2"})
    json[key] = Json();
  const Side *dense = find(SideKind::Dense);
  if (!dense || !ours.isAlive() || ours.outputs.empty())
    return json;
  const HostTensor &got = ours.outputs[0], &expected = dense->outputs[0];
  if (runtime::sameDType(got.dtype, expected.dtype) && got.shape == expected.shape && runtime::isFloat(got.dtype)) {
    Difference difference = compare(got, expected, {Rule::Rows, 1, 0});
    json["dense_max_abs_error"] = orNull(difference.maxAbsolute);
    json["dense_max_row_relative_error"] = orNull(difference.maxRowRelative);
    json["dense_relative_l2"] = orNull(relativeL2(got, expected));
  }
  for (size_t i = 0; i < std::min(ours.outputs.size(), dense->outputs.size()); ++i)
    if (isLse(i) && ours.outputs[i].shape == dense->outputs[i].shape && runtime::isFloat(ours.outputs[i].dtype))
      json["softmax_mass_kept"] = orNull(softmaxMassKept(ours.outputs[i], dense->outputs[i]));
  return json;
}

//===--- Comparisons ----------------------------------------------------------------------------------------------===//

/// The side whose results are expected where `baseline` gives the time.
const Side *Maker::judgeFor(const Side &baseline) const {
  if (baseline.spec.kind != SideKind::Dense || run.entry.approximate)
    return &baseline;
  if (const Side *reference = find(SideKind::Reference))
    return reference;
  for (const auto &side : run.sides)
    if (side.get() != &ours && side->spec.kind != SideKind::Dense && side->isAlive() && !side->outputs.empty())
      return side.get();
  return &baseline;
}

Json Maker::speedup(const Side &baseline) const {
  auto ratio = [](std::optional<double> theirs, std::optional<double> mine) {
    return theirs && mine && *mine > 0 ? orNull(*theirs / *mine) : Json();
  };
  auto prepared = [](const Side &side) -> std::optional<double> {
    std::optional<double> median = medianOf(&side);
    return median ? std::optional(*median + numberOf(memberOf(side.facts, "preparation_seconds")).value_or(0)) : median;
  };
  auto device = [](const Side &side) -> std::optional<double> {
    return side.deviceSeconds.empty() ? std::nullopt : std::optional(summarize(side.deviceSeconds).median);
  };
  return {{"e2e", ratio(medianOf(&baseline), medianOf(&ours))},
          {"device", ratio(device(baseline), device(ours))},
          {"with_preparation", ratio(prepared(baseline), prepared(ours))}};
}

/// Of tensors that cannot be compared: close at no level.
static Json otherShape(const std::string &name, const HostTensor &got, const HostTensor &expected) {
  Json levels = Json::object();
  for (int t = score::minLevel; t <= score::maxLevel; ++t)
    levels[std::to_string(t)] = false;
  return {{"name", name},
          {"dtype", torchName(expected.dtype)},
          {"compiled_dtype", torchName(got.dtype)},
          {"equal", false},
          {"all_close", levels}};
}

/// Adds the outputs; the status that they come to.
std::string Maker::judgeOutputs(Json &json, const Side &expected) const {
  json["outputs"] = Json::array();
  size_t count = std::min(expected.outputs.size(), ours.outputs.size());
  if (expected.outputs.size() > ours.outputs.size() || count == 0) {
    json["error"] = "expects " + std::to_string(std::max<size_t>(expected.outputs.size(), 1)) + " outputs, but got " +
                    std::to_string(ours.outputs.size());
    return "shape_mismatch";
  }
  std::string status = "ok";
  for (size_t i = 0; i < count; ++i) {
    if (expected.spec.kind == SideKind::Dense && run.entry.approximate && isLse(i))
      continue; // how much of it is missing is softmax_mass_kept
    const HostTensor &got = ours.outputs[i], &wanted = expected.outputs[i];
    bool sameShape = got.shape == wanted.shape, sameType = runtime::sameDType(got.dtype, wanted.dtype);
    if ((!sameShape || !sameType) && status == "ok") {
      status = sameShape ? "type_mismatch" : "shape_mismatch";
      json["error"] = resultName(i) + ": expects " + typeText(wanted.dtype, wanted.shape) + " as " +
                      expected.spec.name + ", but got " + typeText(got.dtype, got.shape);
    }
    json["outputs"].push_back(sameShape ? judgeOutput(resultName(i), got, wanted)
                                        : otherShape(resultName(i), got, wanted));
  }
  return status;
}

Json Maker::comparison(const Side &baseline) const {
  Json json = {{"baseline", baseline.spec.name}};
  auto failed = [&](const char *status, const std::string &error) {
    json["status"] = status;
    json["error"] = error;
    return json;
  };
  if (!ours.isAlive())
    return failed(ours.status == "compile_fail" ? "compile_fail" : "runtime_fail", ours.error);
  if (!baseline.isAlive())
    return failed("eager_fail", baseline.error);
  if (failsFluctuating(ours))
    return failed("runtime_fail", "ours fluctuates: iqr / median is above 0.2");
  if (failsFluctuating(baseline))
    return failed("eager_fail", baseline.spec.name + " fluctuates: iqr / median is above 0.2");
  const Side &expected = *judgeFor(baseline);
  json["status"] = "ok"; // first, for readers
  json["speedup"] = speedup(baseline);
  json["judged_against"] = expected.spec.name;
  json["status"] = judgeOutputs(json, expected);
  return json;
}

Json Maker::make() {
  Json json = {{"name", run.entry.name}, {"status", ours.status == "not_run" ? "runtime_fail" : ours.status}};
  if (!ours.error.empty())
    json["error"] = ours.error;
  for (auto [key, text] : {std::pair("source", &run.entry.source), std::pair("note", &run.entry.note)})
    if (!text->empty())
      json[key] = *text;
  json["approximate"] = run.entry.approximate;
  if (!run.picture.empty())
    json["picture"] = run.picture;
  json["dtype"] = memberOf(run.program, "dtype");
  json["shapes"] = memberOf(run.program, "arguments");
  json["arguments"] = run.entry.program.arguments;
  json["target"] = memberOf(run.program, "target");
  json["schedule"] = memberOf(run.program, "schedule");
  Json sides = Json::object(), comparisons = Json::array();
  bool fluctuating = false;
  for (const auto &side : run.sides) {
    sides[side->spec.name] = sideJson(*side);
    fluctuating |= side->isFluctuating();
    if (side.get() != &ours)
      comparisons.push_back(comparison(*side));
  }
  for (auto [part, key] :
       {std::pair(run.selection.get(), "selection_error"), std::pair(run.index.get(), "index_error")})
    if (part && !part->error.empty())
      json[key] = part->error;
  json["fluctuating"] = fluctuating;
  json["sides"] = sides;
  json["quality"] = quality(sides["ours"]);
  json["comparisons"] = comparisons;
  return json;
}

Json lacuna::bench::makeEntryResult(const EntryRun &run, const ResultOptions &options) {
  return Maker(run, options).make();
}

Json lacuna::bench::makeSkippedResult(const Entry &entry, const std::string &why) {
  Json json = {{"name", entry.name}, {"status", "skipped"}, {"error", why}};
  if (!entry.source.empty())
    json["source"] = entry.source;
  json["comparisons"] = Json::array();
  return json;
}
