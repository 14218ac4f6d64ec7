// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Inputs.h"

#include "BenchResult.h"
#include "GraphNetLog.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace lacuna;
using namespace lacuna::score;
namespace fs = std::filesystem;

static runtime::Status cannotRead(const std::string &file, const std::string &why) {
  return runtime::failure(LACUNA_IO_ERROR, "cannot read '" + file + "': " + why);
}

runtime::Result<std::vector<std::string>> lacuna::score::listFiles(const std::string &path) {
  std::error_code problem;
  if (!fs::is_directory(path, problem))
    return std::vector<std::string>{path};
  std::vector<std::string> files;
  for (fs::directory_iterator it(path, problem), end; !problem && it != end; it.increment(problem)) {
    std::string extension = it->path().extension().string();
    std::error_code ignored;
    if ((extension == ".log" || extension == ".txt" || extension == ".json") && it->is_regular_file(ignored))
      files.push_back(it->path().string());
  }
  if (problem)
    return cannotRead(path, problem.message());
  if (files.empty())
    return cannotRead(path, "expects .log, .txt or .json files in the folder, but got none");
  std::sort(files.begin(), files.end());
  return files;
}

static runtime::Result<std::string> readText(const std::string &file) {
  std::error_code problem;
  fs::file_status status = fs::status(file, problem);
  if (problem)
    return cannotRead(file, problem.message());
  if (!fs::is_regular_file(status))
    return cannotRead(file, "expects a regular file or a folder");
  std::ifstream stream(file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(stream), {});
  if (!stream.is_open() || stream.bad())
    return cannotRead(file, "cannot open it");
  return text;
}

runtime::Result<FileCurves> lacuna::score::readCurves(const std::string &file) {
  runtime::Result<std::string> text = readText(file);
  if (!text.ok())
    return text.status();
  fs::path path(file);
  std::string stem = path.stem().string(), extension = path.extension().string();
  Notes notes(file);
  FileCurves result;
  result.stem = stem;
  if (extension == ".json" || (extension != ".log" && extension != ".txt" && isJson(*text))) {
    runtime::Result<std::vector<Curve>> curves = readBenchResult(*text, file, stem, notes);
    if (!curves.ok())
      return curves.status();
    result.curves = std::move(*curves);
    result.benchResult = std::move(*text);
  } else {
    result.curves.push_back({stem, readGraphNetLog(*text, notes), {}});
  }
  result.notes = notes.take();
  for (Curve &curve : result.curves)
    curve.notes = result.notes;
  return result;
}
