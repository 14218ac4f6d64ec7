// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Document.h"

#include "GraphNetLogWriter.h"
#include "JsonReader.h"
#include "Judge.h"
#include "Outputs.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <ctime>
#include <map>

using namespace lacuna;
using namespace lacuna::bench;
using namespace lacuna::runtime;

std::string lacuna::bench::fileName(const std::string &name) {
  std::string result = name;
  for (char &c : result)
    if (!llvm::isAlnum(c) && c != '.' && c != '_' && c != '-')
      c = '_';
  return result.empty() || result[0] == '.' ? "_" + result : result;
}

std::string lacuna::bench::currentTime() {
  std::time_t now = std::time(nullptr);
  std::tm parts = {};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

Document::Document(const std::string &folder, const std::string &suiteName, Json head, size_t size)
    : folder(folder), stem(fileName(suiteName)), json(std::move(head)), slots(size) {
  json["finished"] = Json();
  json["failed"] = Json::array();
  json["entries"] = Json::array();
}

Result<Json> Document::readEarlier() const {
  auto file = llvm::MemoryBuffer::getFile(jsonPath(), /*IsText=*/false, /*RequiresNullTerminator=*/false);
  Json byName = Json::object();
  if (!file)
    return byName;
  Json earlier = Json::parse((*file)->getBuffer().str(), nullptr, /*allow_exceptions=*/false);
  const Json &list = memberOf(earlier, "entries");
  if (memberOf(earlier, "kind") != Json("lacuna-bench") || memberOf(earlier, "schema_version") != Json(1) ||
      !list.is_array())
    return invalidArgument("--resume: '" + jsonPath() + "' is no result of lacuna-bench");
  for (const Json &entry : list)
    if (memberOf(entry, "name").is_string() && memberOf(entry, "key").is_string())
      byName[entry["name"].get<std::string>()] = entry;
  return byName;
}

Status Document::writeJson() const {
  return run::writeFile(jsonPath(), json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

void Document::set(size_t number, Json entry) {
  slots[number] = std::move(entry);
  json["entries"] = Json::array();
  for (const Json &present : slots)
    if (!present.is_null())
      json["entries"].push_back(present);
}

/// One log, one curve, per baseline.
Status Document::writeLogs() {
  std::map<std::string, std::vector<score::Sample>> samples;
  for (const Json &entry : json["entries"])
    for (const Json &comparison : memberOf(entry, "comparisons"))
      samples[textOf(memberOf(comparison, "baseline"))].push_back(
          makeSample(textOf(memberOf(entry, "name")), comparison));
  const Json &machine = json["machine"];
  score::LogConfiguration configuration = {
      {"hardware", textOf(memberOf(machine, "cpu"))},
      {"device", textOf(memberOf(json["options"], "device"))},
      {"compiler", "lacuna"},
      {"compile_framework_version", "lacuna " + textOf(memberOf(json, "lacuna_version"))},
      {"suite", textOf(memberOf(json, "suite"))}};
  for (const auto &[baseline, list] : samples) {
    std::string file = path("." + fileName(baseline) + ".log");
    for (int number = 2; llvm::is_contained(written, file); ++number)
      file = path("." + fileName(baseline) + "." + std::to_string(number) + ".log");
    if (Status status = run::writeFile(file, score::writeGraphNetLog(list, configuration)); !status.ok())
      return status;
    written.push_back(file);
  }
  return success();
}

Status Document::finish(const std::vector<std::string> &failed) {
  json["finished"] = currentTime();
  json["failed"] = failed;
  Status status = writeJson();
  written = {jsonPath()};
  if (status.ok())
    status = writeLogs();
  std::string table = folder + "/table.md";
  if (status.ok())
    status = run::writeFile(table, makeTable(json));
  written.push_back(table);
  return status;
}
