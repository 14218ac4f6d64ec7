// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "LogSample.h"

#include <algorithm>
#include <charconv>
#include <cmath>

using namespace lacuna::score;

//===--- Lines ----------------------------------------------------------------------------------------------------===//

void LogSample::read(std::string_view line, size_t number, Notes &notes) {
  readMarkers(line);
  if (!contains(line, "[Processing] "))
    readFields(line, number, notes);
}

/// What decides the status. The first marker that a line has is the one that counts.
void LogSample::readMarkers(std::string_view line) {
  if (contains(line, "[Datatype][eager]"))
    eager = true;
  else if (contains(line, "[Datatype][compiled]"))
    compiled = true;
  else if (contains(line, "[Shape]") && contains(line, "match:True"))
    shape = true;
  else if (contains(line, "[DataType]") && contains(line, "match:True"))
    type = true;
  else if (contains(line, "all_close"))
    shape = eager = compiled = true;
  for (std::string_view word : {"Exception:", "Error:"})
    if (size_t at = line.find(word); at != line.npos) {
      error = true;
      failure = printable(trim(line.substr(at + word.size())).substr(0, 200));
    }
}

void LogSample::readFields(std::string_view line, size_t number, Notes &notes) {
  if (contains(line, "[Config] ") || findField(line, "[Performance]"))
    return;
  if (std::optional<Field> field = findField(line, "[Datatype]")) {
    std::vector<std::string_view> words = splitWords(field->value);
    if (field->key == "eager")
      eagerTypes.assign(words.begin(), words.end());
    else if (field->key == "compiled")
      compiledTypes.assign(words.begin(), words.end());
  } else if (std::optional<Field> field = findLongField(line, "[Correctness]")) {
    readCorrectness(*field, number, notes);
  } else if (std::optional<Field> field = findField(line, "[Speedup]")) {
    readSpeedup(*field, number, notes);
  } else {
    for (const char *tag : {"[Datatype][", "[Correctness][", "[Speedup]["})
      if (contains(line, tag))
        notes.add(number, std::string("expects ") + tag + "NAME]: VALUE, but got " + quote(line) + "; ignored");
  }
}

void LogSample::readCorrectness(const Field &field, size_t number, Notes &notes) {
  if (field.key == "equal") {
    equal = readFlags(field.value, number, notes);
    return;
  }
  if (!contains(field.key, "all_close"))
    return; // max_diff and the like
  const std::vector<Cell> &cells = cellsOf(field.key);
  if (cells.empty()) {
    notes.add(number, "expects tolerances of a level, but got " + quote(field.key) + "; ignored");
    return;
  }
  Flags flags = readFlags(field.value, number, notes);
  for (const Cell &cell : cells)
    allClose[size_t(cell.formula)][size_t(cell.t - minLevel)] = flags;
}

LogSample::Flags LogSample::readFlags(std::string_view text, size_t number, Notes &notes) {
  Flags flags = {number, {}};
  std::optional<std::string_view> wrong;
  std::vector<std::string_view> words = splitWords(text);
  if (words.size() == maxWords) { // no number of outputs, and cut off
    notes.add(number, "expects less than " + std::to_string(maxWords) + " flags; counted as none");
    return flags;
  }
  for (std::string_view word : words) {
    flags.values.push_back(word == "1");
    if (word != "0" && word != "1" && !wrong)
      wrong = word;
  }
  if (wrong)
    notes.add(number, "expects flags 0 or 1, but got " + quote(*wrong) + "; counted as 0");
  return flags;
}

std::optional<double> lacuna::score::parseSpeedup(std::string_view text) {
  text = trim(text);
  double value = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(value) || !(value > 0))
    return std::nullopt;
  return value;
}

void LogSample::readSpeedup(const Field &field, size_t number, Notes &notes) {
  std::optional<double> value = parseSpeedup(field.value);
  if (!value)
    notes.add(number, "[Speedup][" + std::string(field.key) + "]: expects a finite number above 0, but got " +
                          quote(field.value) + "; ignored");
  else if (field.key == "e2e")
    speedup = value;
}

//===--- The sample -----------------------------------------------------------------------------------------------===//

SampleStatus LogSample::status() const {
  if (!eager)
    return SampleStatus::EagerFail;
  if (!compiled)
    return SampleStatus::CompileFail;
  if (!shape)
    return SampleStatus::ShapeMismatch;
  if (!type)
    return SampleStatus::TypeMismatch;
  return error ? SampleStatus::RuntimeFail : SampleStatus::Correct;
}

/// As many as there are types or flags. Without a line [equal] nobody knows how many were compared, and none passes.
std::vector<Output> LogSample::outputs() const {
  std::vector<Output> outputs(std::max(eagerTypes.size(), equal.values.size()));
  for (size_t i = 0; i < outputs.size(); ++i) {
    Output &output = outputs[i];
    if (i < eagerTypes.size())
      output.dtype = eagerTypes[i];
    if (i < compiledTypes.size() && compiledTypes[i] != output.dtype)
      output.compiledDType = compiledTypes[i];
    output.equal = equal.at(i);
    for (size_t formula = 0; formula < numFormulas; ++formula)
      for (size_t level = 0; level < numLevels; ++level)
        output.allClose[formula][level] = !equal.values.empty() && allClose[formula][level].at(i);
  }
  return outputs;
}

void LogSample::noteFlags(const std::vector<Output> &outputs, Notes &notes) const {
  if (equal.values.empty()) {
    notes.add(firstLine, "no line [Correctness][equal] with flags, so no output was compared; correct at no level");
    return;
  }
  std::string count = std::to_string(outputs.size());
  if (equal.values.size() < outputs.size())
    notes.add(equal.line, "expects " + count + " flags, one per output, but got " +
                              std::to_string(equal.values.size()) + "; the missing ones count as 0");
  if (eagerTypes.size() < outputs.size())
    notes.add(firstLine, "expects " + count + " types in [Datatype][eager], but got " +
                             std::to_string(eagerTypes.size()) + "; outputs without a type have to be equal");
}

/// Levels at which an output fails because the log has no flag for it; once per sample.
void LogSample::noteLevels(const std::vector<Output> &outputs, Notes &notes) const {
  size_t missing = 0, line = firstLine;
  std::string first;
  for (size_t i = 0; i < outputs.size() && !equal.values.empty(); ++i) {
    std::optional<Formula> formula = formulaOf(outputs[i].dtype);
    for (int t = minLevel; formula && t <= frozenLevel; ++t) {
      const Flags &flags = allClose[size_t(*formula)][size_t(t - minLevel)];
      if (i < flags.values.size() || missing++ > 0)
        continue;
      line = flags.line ? flags.line : firstLine;
      first = "output " + std::to_string(i) + " at t = " + std::to_string(t);
    }
  }
  if (missing > 0)
    notes.add(line, "no flag all_close for " + first +
                        (missing > 1 ? " and " + std::to_string(missing - 1) + " more" : "") + "; counted as 0");
}

Sample LogSample::finish(Notes &notes) const {
  Sample sample = {name, status(), speedup, outputs(), error ? failure : ""};
  if (sample.status != SampleStatus::Correct)
    return sample;
  noteFlags(sample.outputs, notes);
  noteLevels(sample.outputs, notes);
  if (std::optional<std::string> note = settleSpeedup(sample))
    notes.add(firstLine, *note);
  return sample;
}
