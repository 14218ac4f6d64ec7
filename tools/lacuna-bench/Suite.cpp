// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Suite.h"

#include "EntryReader.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <set>

using namespace lacuna::bench;

const char *lacuna::bench::sideKindName(SideKind kind) {
  switch (kind) {
  case SideKind::Lacuna:
    return "lacuna";
  case SideKind::Dense:
    return "dense";
  case SideKind::Reference:
    return "reference";
  case SideKind::Torch:
    return "torch";
  case SideKind::Python:
    return "python";
  }
  return "";
}

//===--- The file -------------------------------------------------------------------------------------------------===//

/// "line 3, column 7: what": nlohmann's message without its number.
static std::string syntaxProblem(const Json::exception &error) {
  std::string what = error.what();
  if (size_t end = what.find("] "); end != what.npos)
    what.erase(0, end + 2);
  return "expects JSON: " + what;
}

/// An entry with what it takes from elsewhere; its own values come first.
static Json completeEntry(const Json &entry, const Json &defaults, bool published) {
  Json complete = entry, sizes = Json::object();
  if (!entry.is_object())
    return complete;
  for (const auto &[key, value] : defaults.items()) {
    bool other = (key == "program" && entry.contains("attention")) || (key == "attention" && entry.contains("program"));
    if (!entry.contains(key) && !other)
      complete[key] = value;
  }
  for (const Json *from : {&defaults, &entry})
    if (memberOf(*from, "published").is_object())
      sizes.merge_patch(memberOf(*from, "published"));
  if (published)
    complete.merge_patch(sizes);
  complete.erase("published");
  return complete;
}

static void checkHeader(ObjectReader &reader, const Json &json) {
  const Json *kind = reader.take("kind"), *version = reader.take("schema_version");
  if (!kind || *kind != "lacuna-bench-suite")
    reader.expects("kind", "\"lacuna-bench-suite\"", kind ? *kind : Json());
  if (!version || !version->is_number_integer() || *version != 1)
    reader.expects("schema_version", "1", version ? *version : Json());
}

std::optional<Suite> lacuna::bench::parseSuite(const std::string &text, const std::string &path,
                                               const SuiteOptions &options, std::vector<std::string> &list) {
  size_t before = list.size();
  Problems problems{path, list};
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception &error) {
    problems.add("", syntaxProblem(error));
    return std::nullopt;
  }
  ObjectReader reader(json, "", problems);
  checkHeader(reader, json);
  Suite suite;
  suite.path = path;
  suite.folder = llvm::sys::path::parent_path(path).str();
  suite.name = reader.text("name", llvm::sys::path::stem(path).str());
  reader.text("description");
  Json defaults = Json::object();
  if (const Json *given = reader.take("defaults"); given && given->is_object() && !given->contains("name"))
    defaults = *given;
  else if (given)
    reader.problem("defaults", "expects an object of an entry's keys without \"name\"");
  const Json *entries = reader.take("entries");
  if (!entries || !entries->is_array() || entries->empty())
    reader.expects("entries", "a list with at least one entry", entries ? *entries : Json());
  std::set<std::string> names;
  for (size_t i = 0; entries && entries->is_array() && i < entries->size(); ++i) {
    std::string where = "entries[" + std::to_string(i) + "]";
    if ((*entries)[i].is_object() && (*entries)[i].contains("published") && !(*entries)[i]["published"].is_object())
      problems.add(where + ".published", "expects an object, but got " + show((*entries)[i]["published"]));
    Json complete = completeEntry((*entries)[i], defaults, options.published);
    Entry entry = EntryReader(complete, where, options, problems).read();
    if (!entry.name.empty() && !names.insert(entry.name).second)
      problems.add(where + ".name", "'" + entry.name + "' is there twice");
    suite.entries.push_back(std::move(entry));
  }
  if (json.is_object())
    reader.finish();
  return list.size() == before ? std::optional(std::move(suite)) : std::nullopt;
}

std::optional<Suite> lacuna::bench::readSuite(const std::string &path, const SuiteOptions &options,
                                              std::vector<std::string> &problems) {
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file) {
    problems.push_back(path + ": cannot be read: " + file.getError().message());
    return std::nullopt;
  }
  return parseSuite((*file)->getBuffer().str(), path, options, problems);
}
