// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lacuna-score: the command line around reading (Inputs.h), scoring (Score.h) and reporting (ScoreReport.h, Report.h).
#include "CommandLine.h"
#include "Inputs.h"
#include "Report.h"

#include <exception>
#include <fstream>
#include <iostream>

using namespace lacuna;
using namespace lacuna::score;

namespace {
class Tool {
public:
  Tool(const CommandLine &line, std::vector<std::string> command) : line(line), command(std::move(command)) {}
  /// The exit code: 0 only if something was scored and nothing went wrong.
  int run();

private:
  void fail(const std::string &message) {
    std::cerr << "lacuna-score: error: " << message << "\n";
    failed = true;
  }
  void scoreFile(const std::string &file);
  std::vector<ScoredCurve> curves() const;
  void writeFile(const std::string &path, const std::string &text);
  void write();

  const CommandLine &line;
  std::vector<std::string> command;
  std::vector<ReportedFile> files;
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
  ReportedFile result = {file, read->stem, {}, read->notes, std::nullopt};
  for (Curve &curve : read->curves) {
    runtime::Result<Score> score = computeScore(curve.samples, line.options);
    if (!score.ok())
      fail(curve.name + ": " + score.status().message);
    else
      result.curves.push_back({std::move(curve), line.options, std::move(*score)});
  }
  if (!line.htmlPath.empty() && read->benchResult)
    result.facts = readBenchFacts(*read->benchResult);
  files.push_back(std::move(result));
}

std::vector<ScoredCurve> Tool::curves() const {
  std::vector<ScoredCurve> all;
  for (const ReportedFile &file : files)
    all.insert(all.end(), file.curves.begin(), file.curves.end());
  return all;
}

void Tool::writeFile(const std::string &path, const std::string &text) {
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream)
    fail("cannot write '" + path + "'");
}

void Tool::write() {
  std::ostream &text = line.jsonPath == "-" ? std::cerr : std::cout;
  std::vector<ScoredCurve> all = curves();
  for (size_t i = 0; i < all.size(); ++i)
    text << (i ? "\n" : "") << toText(all[i]);
  if (line.jsonPath == "-")
    std::cout << toJson(all);
  else if (!line.jsonPath.empty())
    writeFile(line.jsonPath, toJson(all));
  if (!line.htmlPath.empty())
    writeFile(line.htmlPath, toHtml({files, command}));
  if (!std::cout.flush())
    fail("cannot write to standard output");
}

int Tool::run() {
  for (const std::string &path : line.files) {
    runtime::Result<std::vector<std::string>> list = listFiles(path);
    if (!list.ok()) {
      fail(list.status().message);
      continue;
    }
    for (const std::string &file : *list)
      scoreFile(file);
  }
  size_t samples = 0, curveCount = 0;
  for (const ReportedFile &file : files)
    for (const ScoredCurve &curve : file.curves) {
      samples += curve.curve.samples.size();
      ++curveCount;
    }
  if (curveCount > 0)
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
    std::vector<std::string> command(argv + 1, argv + argc);
    command.insert(command.begin(), "lacuna-score");
    return Tool(*line, command).run();
  } catch (const std::exception &error) { // no memory for a file, mostly
    std::cerr << "lacuna-score: error: " << error.what() << "\n";
    return 1;
  }
}
