// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "BenchFacts.h"
#include "JsonMember.h"
#include "Text.h"

#include <cmath>

using namespace lacuna::score;
using Json = nlohmann::json;

const SideFacts *EntryFacts::side(const std::string &name) const {
  for (const SideFacts &side : sides)
    if (side.name == name)
      return &side;
  return nullptr;
}

//===--- Numbers that make sense ----------------------------------------------------------------------------------===//

static std::optional<double> within(const Json &json, double low, double high) {
  std::optional<double> value = numberOf(json);
  return value && *value >= low && *value <= high ? value : std::nullopt;
}

static constexpr double tiny = 1e-100, huge = 1e100;

static std::optional<double> positive(const Json &json) { return within(json, tiny, huge); }
static std::optional<double> atLeastZero(const Json &json) { return within(json, 0, huge); }
static std::optional<double> share(const Json &json) { return within(json, tiny, 1); }

/// (full + partial) / total.
static std::optional<double> visitedShareOf(const Json &tiles) {
  std::optional<double> total = positive(memberOf(tiles, "total")), full = atLeastZero(memberOf(tiles, "full")),
                        partial = atLeastZero(memberOf(tiles, "partial"));
  if (!total || !full || !partial)
    return std::nullopt;
  return share(Json((*full + *partial) / *total));
}

//===--- Words ----------------------------------------------------------------------------------------------------===//

/// A scalar, or a list of scalars, in words; nothing for what is nested deeper.
static std::string wordsOf(const Json &json, const std::string &key = "") {
  if (json.is_string())
    return json.get<std::string>();
  if (json.is_boolean())
    return json.get<bool>() ? "yes" : "no";
  if (json.is_number()) {
    double value = json.get<double>();
    bool isSize = key.size() > 6 && key.compare(key.size() - 6, 6, "_bytes") == 0;
    return isSize ? formatBytes(value) : json.is_number_integer() ? json.dump() : formatNumber(value);
  }
  std::string words;
  for (size_t i = 0; json.is_array() && i < json.size() && i < 64; ++i)
    if (std::string word = json[i].is_structured() ? "" : wordsOf(json[i]); !word.empty())
      words += (words.empty() ? "" : ", ") + word;
  return words;
}

/// "memory_bytes" -> "memory".
static std::string titleOf(std::string key) {
  if (key.size() > 6 && key.compare(key.size() - 6, 6, "_bytes") == 0)
    key.resize(key.size() - 6);
  for (char &c : key)
    c = c == '_' ? ' ' : c;
  return key;
}

static void addMembers(std::vector<std::pair<std::string, std::string>> &rows, const Json &object) {
  if (object.is_object())
    for (const auto &[key, value] : object.items())
      if (rows.size() < 64)
        rows.emplace_back(titleOf(key), wordsOf(value, key));
}

//===--- Entries --------------------------------------------------------------------------------------------------===//

static SideFacts readSide(const std::string &name, const Json &json) {
  SideFacts side;
  side.name = name;
  side.status = textOf(memberOf(json, "status"));
  side.error = textOf(memberOf(json, "error"));
  side.seconds = positive(memberOf(memberOf(json, "seconds"), "median"));
  side.isFluctuating = memberOf(json, "fluctuating") == Json(true);
  return side;
}

/// JSON objects are read in the order of their keys; comparisons know the order of the suite.
static void readSides(EntryFacts &entry, const Json &json) {
  const Json &sides = memberOf(json, "sides"), &comparisons = memberOf(json, "comparisons");
  auto add = [&](const std::string &name) {
    if (const Json &side = memberOf(sides, name.c_str()); side.is_object() && !entry.side(name))
      entry.sides.push_back(readSide(name, side));
  };
  add("ours");
  for (size_t i = 0; comparisons.is_array() && i < comparisons.size(); ++i)
    add(textOf(memberOf(comparisons[i], "baseline")));
  if (sides.is_object())
    for (const auto &[name, side] : sides.items())
      add(name);
}

/// "1x8x1024x64xf32" of each argument.
static void readShapes(EntryFacts &entry, const Json &shapes) {
  if (!shapes.is_object())
    return;
  for (const auto &[name, value] : shapes.items()) {
    entry.about += (entry.about.empty() ? "" : "; ") + name + " " + wordsOf(value);
    std::string text = textOf(value);
    for (size_t start = 0, end; (end = text.find('x', start)) != text.npos && end - start < 12; start = end + 1)
      entry.dimensions.push_back(std::atof(text.substr(start, end - start).c_str()));
  }
}

static void readDense(EntryFacts &entry, const Json &comparisons) {
  for (size_t i = 0; comparisons.is_array() && i < comparisons.size(); ++i) {
    const Json &comparison = comparisons[i];
    if (textOf(memberOf(comparison, "baseline")) != "dense" || textOf(memberOf(comparison, "status")) != "ok")
      continue;
    entry.denseSpeedup = positive(memberOf(memberOf(comparison, "speedup"), "e2e"));
    entry.comparesWithDense = textOf(memberOf(comparison, "judged_against")) == "dense";
  }
}

static EntryFacts readEntry(const Json &json) {
  EntryFacts entry;
  entry.name = textOf(memberOf(json, "name"));
  entry.source = textOf(memberOf(json, "source"));
  entry.note = textOf(memberOf(json, "note"));
  entry.status = textOf(memberOf(json, "status"));
  entry.error = textOf(memberOf(json, "error"));
  entry.family = textOf(memberOf(json, "family"));
  entry.length = positive(memberOf(json, "length"));
  entry.picture = textOf(memberOf(json, "picture"));
  entry.about = textOf(memberOf(json, "dtype"));
  readShapes(entry, memberOf(json, "shapes"));
  readSides(entry, json);
  readDense(entry, memberOf(json, "comparisons"));
  const Json &ours = memberOf(memberOf(json, "sides"), "ours"), &passed = memberOf(ours, "passed");
  entry.visitedShare = visitedShareOf(memberOf(ours, "tiles"));
  if (passed.is_boolean())
    entry.passed = passed.get<bool>();
  const Json &quality = memberOf(json, "quality");
  entry.density = share(memberOf(quality, "density"));
  entry.overAttention = positive(memberOf(quality, "over_attention"));
  entry.massKept = within(memberOf(quality, "softmax_mass_kept"), 0, 1.01); // from rounded log-sum-exps
  entry.maxAbsError = atLeastZero(memberOf(quality, "dense_max_abs_error"));
  entry.maxRowError = atLeastZero(memberOf(quality, "dense_max_row_relative_error"));
  entry.relativeL2 = atLeastZero(memberOf(quality, "dense_relative_l2"));
  return entry;
}

BenchFacts lacuna::score::readBenchFacts(const std::string &text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  BenchFacts facts;
  for (const char *key : {"suite", "suite_file", "lacuna_version", "tool_hash", "started", "finished"})
    facts.run.emplace_back(titleOf(key), wordsOf(memberOf(json, key)));
  addMembers(facts.run, memberOf(json, "options"));
  addMembers(facts.machine, memberOf(json, "machine"));
  const Json &command = memberOf(json, "command"), &entries = memberOf(json, "entries");
  for (size_t i = 0; command.is_array() && i < command.size(); ++i)
    facts.command.push_back(textOf(command[i]));
  for (size_t i = 0; entries.is_array() && i < entries.size(); ++i)
    facts.entries.push_back(readEntry(entries[i]));
  return facts;
}
