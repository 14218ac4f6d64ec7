// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lacuna-score: the command line around reading (Inputs.h), scoring (Score.h) and reporting (ScoreReport.h).
#include "CommandLine.h"
#include "Inputs.h"
#include "ScoreReport.h"

#include <exception>
#include <fstream>
#include <iostream>

using namespace lacuna;
using namespace lacuna::score;

namespace {
class Tool {
public:
  explicit Tool(const CommandLine &line) : line(line) {}
  /// The exit code: 0 only if something was scored and nothing went wrong.
  int run();

private:
  void fail(const std::string &message) {
    std::cerr << "lacuna-score: error: " << message << "\n";
    failed = true;
  }
  void scoreFile(const std::string &file);
  void write();

  const CommandLine &line;
  std::vector<ScoredCurve> curves;
  bool failed = false;
};
} // namespace

void Tool::scoreFile(const std::string &file) {
  runtime::Result<FileCurves> read = readCurves(file);
  if (!read.ok())
    return fail(read.status().message);
  for (const Note &note : read->notes)
    std::cerr << note.file << ":" << (note.line ? std::to_string(*note.line) + ":" : "") << " warning: " << note.why
              << "\n";
  for (Curve &curve : read->curves) {
    runtime::Result<Score> score = computeScore(curve.samples, line.options);
    if (!score.ok())
      fail(curve.name + ": " + score.status().message);
    else
      curves.push_back({std::move(curve), line.options, std::move(*score)});
  }
}

void Tool::write() {
  std::ostream &text = line.jsonPath == "-" ? std::cerr : std::cout;
  for (size_t i = 0; i < curves.size(); ++i)
    text << (i ? "\n" : "") << toText(curves[i]);
  if (line.jsonPath == "-") {
    std::cout << toJson(curves);
  } else if (!line.jsonPath.empty()) {
    std::ofstream json(line.jsonPath, std::ios::binary);
    json << toJson(curves);
    json.close();
    if (!json)
      fail("cannot write '" + line.jsonPath + "'");
  }
  if (!std::cout.flush())
    fail("cannot write to standard output");
}

int Tool::run() {
  for (const std::string &path : line.files) {
    runtime::Result<std::vector<std::string>> files = listFiles(path);
    if (!files.ok()) {
      fail(files.status().message);
      continue;
    }
    for (const std::string &file : *files)
      scoreFile(file);
  }
  size_t samples = 0;
  for (const ScoredCurve &curve : curves)
    samples += curve.curve.samples.size();
  if (!curves.empty())
    write();
  if (samples == 0 && !failed)
    fail("no sample was scored");
  return failed ? 1 : 0;
}

int main(int argc, char **argv) {
  try {
    runtime::Result<CommandLine> line = parseCommandLine(std::vector<std::string>(argv + 1, argv + argc));
    if (!line.ok()) {
      std::cerr << "lacuna-score: error: " << line.status().message << "\n";
      return 1;
    }
    if (line->help || line->version) {
      std::cout << (line->help ? helpText : "lacuna-score " LACUNA_VERSION "\n");
      return 0;
    }
    return Tool(*line).run();
  } catch (const std::exception &error) { // no memory for a file, mostly
    std::cerr << "lacuna-score: error: " << error.what() << "\n";
    return 1;
  }
}
