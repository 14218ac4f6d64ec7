// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "BenchResult.h"
#include "JsonMember.h"

#include <algorithm>
#include <cmath>
#include <map>

using namespace lacuna;
using namespace lacuna::score;
using Json = nlohmann::json;

namespace {
class Reader {
public:
  Reader(const std::string &stem, Notes &notes) : stem(stem), notes(notes) {}
  void readEntries(const Json &entries);
  std::vector<Curve> curves;

private:
  void note(const std::string &where, const std::string &why) { notes.add(std::nullopt, where + ": " + why); }
  void readEntry(const Json &entry, const std::string &where);
  void readComparison(const Json &comparison, const std::string &name, const std::string &where);
  SampleStatus readStatus(const Json &comparison, const std::string &where);
  std::optional<double> readSpeedup(const Json &comparison, const std::string &where);
  std::vector<Output> readOutputs(const Json &comparison, const std::string &where);
  Output readOutput(const Json &json, const std::string &where);
  void readLevels(const Json &levels, Output &output, const std::string &where);
  Curve &curveOf(const std::string &baseline);
  void noteAbsent(size_t numEntries);

  const std::string &stem;
  Notes &notes;
  std::map<std::string, size_t> curveNumbers;
  std::vector<std::map<std::string, size_t>> counts; ///< by curve: how often a name is in it
};
} // namespace

/// For messages. Lists and objects are not written out: that recurses, and a file may nest them without end.
static std::string show(const Json &json) {
  if (json.is_structured())
    return json.is_array() ? "a list" : "an object";
  return quote(json.dump(-1, ' ', true, Json::error_handler_t::replace));
}

//===--- Outputs --------------------------------------------------------------------------------------------------===//

void Reader::readLevels(const Json &levels, Output &output, const std::string &where) {
  std::optional<Formula> formula = formulaOf(output.dtype);
  if (!formula)
    return; // has to be equal
  std::string missing;
  for (int t = minLevel; t <= maxLevel; ++t) {
    const Json &flag = memberOf(levels, std::to_string(t).c_str());
    if (flag.is_boolean())
      output.setClose(*formula, t, flag.get<bool>());
    else if (t <= frozenLevel)
      missing += (missing.empty() ? "" : ", ") + std::to_string(t);
  }
  if (!missing.empty())
    note(where + ".all_close",
         "expects true or false at every level, but has neither at " + missing + "; counted as false");
}

Output Reader::readOutput(const Json &json, const std::string &where) {
  Output output;
  output.dtype = textOf(memberOf(json, "dtype"));
  output.compiledDType = textOf(memberOf(json, "compiled_dtype"));
  const Json &equal = memberOf(json, "equal");
  output.equal = equal.is_boolean() && equal.get<bool>();
  if (output.dtype.empty())
    note(where + ".dtype", "expects the name of a type; the output has to be equal");
  if (!equal.is_boolean())
    note(where + ".equal", "expects true or false, but got " + show(equal) + "; counted as false");
  readLevels(memberOf(json, "all_close"), output, where);
  return output;
}

std::vector<Output> Reader::readOutputs(const Json &comparison, const std::string &where) {
  const Json &list = memberOf(comparison, "outputs");
  std::vector<Output> outputs;
  for (size_t i = 0; list.is_array() && i < list.size(); ++i)
    outputs.push_back(readOutput(list[i], where + ".outputs[" + std::to_string(i) + "]"));
  return outputs;
}

//===--- Comparisons ----------------------------------------------------------------------------------------------===//

SampleStatus Reader::readStatus(const Json &comparison, const std::string &where) {
  const Json &status = memberOf(comparison, "status");
  std::string name = textOf(status);
  if (name == "ok")
    return SampleStatus::Correct;
  for (SampleStatus failed : {SampleStatus::RuntimeFail, SampleStatus::TypeMismatch, SampleStatus::ShapeMismatch,
                              SampleStatus::CompileFail, SampleStatus::EagerFail})
    if (name == statusName(failed))
      return failed;
  note(where + ".status", "expects one of ok, compile_fail, runtime_fail, shape_mismatch, type_mismatch, eager_fail, "
                          "but got " +
                              show(status) + "; counted as runtime_fail");
  return SampleStatus::RuntimeFail;
}

std::optional<double> Reader::readSpeedup(const Json &comparison, const std::string &where) {
  const Json &speedup = memberOf(memberOf(comparison, "speedup"), "e2e");
  if (speedup.is_null())
    return std::nullopt;
  if (speedup.is_number() && std::isfinite(speedup.get<double>()) && speedup.get<double>() > 0)
    return speedup.get<double>();
  note(where + ".speedup.e2e", "expects a finite number above 0, but got " + show(speedup) + "; ignored");
  return std::nullopt;
}

Curve &Reader::curveOf(const std::string &baseline) {
  auto [found, isNew] = curveNumbers.try_emplace(baseline, curves.size());
  if (isNew) {
    curves.push_back({stem + ":" + baseline, {}, {}});
    counts.emplace_back();
  }
  return curves[found->second];
}

void Reader::readComparison(const Json &comparison, const std::string &name, const std::string &where) {
  std::string baseline = textOf(memberOf(comparison, "baseline"));
  if (baseline.empty()) {
    note(where + ".baseline", "expects a name; ignored");
    return;
  }
  Sample sample = {name, readStatus(comparison, where), readSpeedup(comparison, where), readOutputs(comparison, where),
                   textOf(memberOf(comparison, "error"))};
  if (sample.status == SampleStatus::Correct && sample.outputs.empty())
    note(where + ".outputs", "expects at least one output, but nothing was compared; correct at no level");
  if (std::optional<std::string> problem = settleSpeedup(sample))
    note(where, *problem);
  curveOf(baseline).samples.push_back(sample);
  size_t curve = curveNumbers[baseline];
  if (!name.empty() && ++counts[curve][name] == 2)
    note(where, quote(name) + " is in " + quote(curves[curve].name) + " more than once; all count");
}

//===--- Entries --------------------------------------------------------------------------------------------------===//

void Reader::readEntry(const Json &entry, const std::string &where) {
  const Json &comparisons = memberOf(entry, "comparisons");
  std::string name = textOf(memberOf(entry, "name"));
  if (!comparisons.is_array() || comparisons.empty()) {
    note(where + ".comparisons", "expects at least one comparison with a baseline; ignored");
    return;
  }
  if (name.empty())
    note(where + ".name", "expects a name; counted as a sample without a name");
  for (size_t i = 0; i < comparisons.size(); ++i)
    readComparison(comparisons[i], name, where + ".comparisons[" + std::to_string(i) + "]");
}

/// A curve over fewer samples than another of the same file is not comparable with it.
void Reader::noteAbsent(size_t numEntries) {
  for (const Curve &curve : curves)
    if (curve.samples.size() < numEntries)
      note("entries", quote(curve.name) + " has " + std::to_string(curve.samples.size()) + " of " +
                          std::to_string(numEntries) + "; the others do not count in it");
}

void Reader::readEntries(const Json &entries) {
  for (size_t i = 0; i < entries.size(); ++i)
    readEntry(entries[i], "entries[" + std::to_string(i) + "]");
  noteAbsent(entries.size());
}

//===--- The file -------------------------------------------------------------------------------------------------===//

/// nlohmann's message without its number, and with the line.
static runtime::Status syntaxError(std::string_view text, const std::string &file, const Json::exception &error) {
  size_t line = 1;
  if (auto *syntax = dynamic_cast<const Json::parse_error *>(&error))
    line += size_t(std::count(text.begin(), text.begin() + ptrdiff_t(std::min(syntax->byte, text.size())), '\n'));
  std::string what = error.what();
  if (size_t end = what.find("] "); end != what.npos)
    what.erase(0, end + 2);
  return runtime::failure(LACUNA_IO_ERROR, file + ":" + std::to_string(line) + ": expects JSON: " + printable(what));
}

static runtime::Status checkHeader(const Json &json, const std::string &file) {
  const Json &kind = memberOf(json, "kind"), &version = memberOf(json, "schema_version");
  if (textOf(kind) != "lacuna-bench")
    return runtime::expectsButGot(file + ":1: \"kind\"", "\"lacuna-bench\"", show(kind));
  if (!version.is_number_integer() || version != 1)
    return runtime::expectsButGot(file + ":1: \"schema_version\"", "1", show(version));
  if (!memberOf(json, "entries").is_array())
    return runtime::expectsButGot(file + ":1: \"entries\"", "a list", show(memberOf(json, "entries")));
  return runtime::success();
}

runtime::Result<std::vector<Curve>> lacuna::score::readBenchResult(std::string_view text, const std::string &file,
                                                                   const std::string &stem, Notes &notes) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception &error) {
    return syntaxError(text, file, error);
  }
  if (runtime::Status status = checkHeader(json, file); !status.ok())
    return status;
  Reader reader(stem, notes);
  reader.readEntries(memberOf(json, "entries"));
  return std::move(reader.curves);
}

bool lacuna::score::isJson(std::string_view text) {
  size_t first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && text[first] == '{' && Json::accept(text);
}
