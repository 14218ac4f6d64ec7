// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "GraphNetLogWriter.h"

#include <charconv>

using namespace lacuna::score;

static constexpr const char *prompt = "graph-net-test-compiler-log ";

/// A text that no reader takes for a tag, a marker or a line of its own.
static std::string harmless(std::string_view text, bool oneWord) {
  std::string result;
  for (char c : text.substr(0, 1000)) {
    bool space = static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
    result += space ? (oneWord ? '_' : ' ') : c == '[' ? '(' : c == ']' ? ')' : c;
  }
  for (const char *word : {"all_close", "Error:", "Exception:"})
    for (size_t at = result.find(word); at != result.npos; at = result.find(word))
      result[at] = '~';
  return result.empty() && oneWord ? "unnamed" : result;
}

/// The shortest text that reads back as the same number.
static std::string number(double value) {
  char text[64];
  return std::string(text, std::to_chars(text, text + sizeof(text), value).ptr);
}

namespace {
class Writer {
public:
  explicit Writer(const LogConfiguration &configuration) : configuration(configuration) {}
  void write(const Sample &sample);
  std::string text;

private:
  void line(const std::string &rest) { text += prompt + rest + "\n"; }
  void writeTypes(const Sample &sample);
  void writeFlags(const std::vector<Output> &outputs);
  void writeAllClose(const std::vector<Output> &outputs, Formula formula, int t);

  const LogConfiguration &configuration;
};
} // namespace

static std::string compiledType(const Output &output) {
  return output.compiledDType.empty() ? output.dtype : output.compiledDType;
}

/// "float32 int64", or with quotes and commas as Python writes lists.
static std::string types(const std::vector<Output> &outputs, bool compiled, bool asList) {
  std::string text;
  for (const Output &output : outputs) {
    std::string type = harmless(compiled ? compiledType(output) : output.dtype, true);
    text += text.empty() ? "" : asList ? ", " : " ";
    text += asList ? "'" + type + "'" : type;
  }
  return asList ? "[" + text + "]" : text;
}

/// Everything before the flags. A line that is missing is what tells a failure.
void Writer::writeTypes(const Sample &sample) {
  if (sample.status == SampleStatus::EagerFail)
    return;
  line("[Datatype][eager]: " + types(sample.outputs, false, false));
  if (sample.status == SampleStatus::CompileFail)
    return;
  bool typesMatch = sample.status != SampleStatus::TypeMismatch;
  line("[Datatype][compiled]: " + types(sample.outputs, true, false));
  line("[DataType] eager:" + types(sample.outputs, false, true) + " compiled:" + types(sample.outputs, true, true) +
       " match:" + (typesMatch ? "True" : "False"));
  // GraphNet's harness for torch leaves this line out, and its scorer then takes unequal types for unequal shapes.
  line(std::string("[Shape] match:") + (sample.status == SampleStatus::ShapeMismatch ? "False" : "True"));
}

/// At t = 0 the four formulas share one key, of which the scorer keeps the last line: all four say the same.
void Writer::writeAllClose(const std::vector<Output> &outputs, Formula formula, int t) {
  std::string flags;
  for (const Output &output : outputs) {
    std::optional<Formula> own = formulaOf(output.dtype);
    flags += output.close(t == 0 && own ? *own : formula, t) ? " 1" : " 0";
  }
  line("[Correctness][" + allCloseKey(formula, t) + "]:" + flags);
}

void Writer::writeFlags(const std::vector<Output> &outputs) {
  std::string flags;
  for (const Output &output : outputs)
    flags += output.equal ? " 1" : " 0";
  line("[Correctness][equal]:" + flags);
  for (int t = minLevel; t <= maxLevel; ++t)
    for (size_t formula = 0; formula < numFormulas; ++formula)
      writeAllClose(outputs, Formula(formula), t);
}

void Writer::write(const Sample &sample) {
  line("[Processing] " + harmless(sample.name, true));
  for (const auto &[key, value] : configuration)
    line("[Config] " + harmless(key, true) + ": " + harmless(value, false));
  bool compared = sample.status == SampleStatus::Correct || sample.status == SampleStatus::RuntimeFail;
  Sample written = sample;
  if (written.outputs.empty()) // no flags at all would count as correct everywhere
    written.outputs.push_back({"unknown", "", false, {}});
  writeTypes(written);
  if (compared)
    writeFlags(written.outputs);
  if (sample.status == SampleStatus::RuntimeFail)
    line("RuntimeError: " + harmless(sample.failure, false));
  else if (!sample.failure.empty())
    line("failure " + harmless(sample.failure, false));
  line(std::string("[Result] status: ") + (sample.status == SampleStatus::Correct ? "success" : "failed"));
  if (sample.speedup)
    line("[Speedup][e2e]: " + number(*sample.speedup));
}

std::string lacuna::score::writeGraphNetLog(const std::vector<Sample> &samples, const LogConfiguration &configuration) {
  Writer writer(configuration);
  for (const Sample &sample : samples)
    writer.write(sample);
  return writer.text;
}
