// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Tool.h"

#include "Document.h"
#include "JsonReader.h"
#include "Key.h"
#include "Machine.h"
#include "Progress.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <unistd.h>

using namespace lacuna;
using namespace lacuna::bench;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace {
class Tool {
public:
  Tool(const ToolOptions &options, llvm::raw_ostream &out, llvm::raw_ostream &err)
      : options(options), out(out), err(err) {}
  bool run();

private:
  bool fail(const std::string &message) {
    err << "lacuna-bench: error: " << message << "\n";
    return false;
  }
  bool readEntries();
  void list();
  bool makeWorkplace();
  Json makeHead() const;
  Json measure(const Entry &entry);
  KeyContext keyContext() const { return {workplace, toolHash, options.result.failFluctuating}; }
  bool readEarlier(const Document &document, std::vector<Json> &kept);
  Json resultFor(const Entry &entry);
  bool isChosen(const Entry &entry) const { return StringRef(entry.name).contains(options.only); }
  bool measureAll(Document &document);
  bool report(Document &document);

  const ToolOptions &options;
  llvm::raw_ostream &out, &err;
  Suite suite;
  std::vector<const Entry *> entries;
  Workplace workplace;
  std::string toolHash;
  std::vector<std::pair<std::string, std::string>> failures; ///< name and what happened
};
} // namespace

static std::string absolute(StringRef name) {
  llvm::SmallString<128> result(name);
  (void)fs::make_absolute(result);
  path::remove_dots(result, /*remove_dot_dot=*/true);
  return std::string(result.str());
}

//===--- Before the run -------------------------------------------------------------------------------------------===//

bool Tool::readEntries() {
  std::vector<std::string> problems;
  std::optional<Suite> read = readSuite(options.suite, options.numbers, problems);
  for (const std::string &problem : problems)
    fail(problem);
  if (!read)
    return false;
  suite = std::move(*read);
  for (const Entry &entry : suite.entries)
    if (isChosen(entry))
      entries.push_back(&entry);
  if (!entries.empty())
    return true;
  std::string names = llvm::join(llvm::map_range(suite.entries, [](const Entry &entry) { return entry.name; }), ", ");
  return fail("--only: no name contains '" + options.only + "'; there are " + names);
}

void Tool::list() {
  for (const Entry *entry : entries) {
    out << entry->name << ": "
        << llvm::join(llvm::map_range(entry->baselines, [](const SideSpec &side) { return side.name; }), ", ");
    out << (entry->source.empty() ? "" : " (" + entry->source + ")") << "\n";
  }
}

/// benchmarks/lacuna_bench/worker.py: where the environment says, where it is installed, or in the source tree.
static std::string findWorkerScript(StringRef program) {
  std::vector<std::string> folders;
  if (const char *given = std::getenv("LACUNA_BENCH_FOLDER"))
    folders = {absolute(given)};
  else
    for (StringRef relative : {"../share/lacuna/benchmarks", "../../benchmarks"}) {
      llvm::SmallString<128> folder(path::parent_path(program));
      path::append(folder, relative);
      folders.push_back(absolute(folder));
    }
  for (const std::string &folder : folders)
    if (std::string file = folder + "/lacuna_bench/worker.py"; fs::exists(file))
      return file;
  return "";
}

bool Tool::makeWorkplace() {
  workplace.program = options.program;
  // Workers run in the suite's folder: only a bare name is left to PATH.
  workplace.python = StringRef(options.python).contains('/') ? absolute(options.python) : options.python;
  workplace.workerScript = findWorkerScript(options.program);
  workplace.suiteFolder = absolute(suite.folder.empty() ? "." : suite.folder);
  workplace.device = options.device;
  workplace.threads = options.threads;
  toolHash = hashFile(options.program);
  std::error_code problem = fs::create_directories(options.folder);
  if (!problem && !fs::is_directory(options.folder))
    problem = std::make_error_code(std::errc::not_a_directory);
  return problem ? fail("cannot make the folder '" + options.folder + "': " + problem.message()) : true;
}

Json Tool::makeHead() const {
  auto orNull = [](std::optional<int64_t> value) { return value ? Json(*value) : Json(); };
  Json head = {{"schema_version", 1}, {"kind", "lacuna-bench"}};
  head["suite"] = suite.name;
  head["suite_file"] = path::filename(suite.path).str();
  head["command"] = options.commandLine;
  head["lacuna_version"] = lacunaVersion();
  head["tool_hash"] = toolHash;
  head["started"] = currentTime();
  head["machine"] = describeMachine(options.program, options.threads);
  head["options"] = {{"trials", orNull(options.numbers.trials)},
                     {"warmup", orNull(options.numbers.warmup)},
                     {"device", options.device},
                     {"published", options.numbers.published},
                     {"only", options.only},
                     {"fluctuation", options.result.failFluctuating ? "fail" : "flag"}};
  return head;
}

//===--- Entries --------------------------------------------------------------------------------------------------===//

Json Tool::measure(const Entry &entry) {
  StringRef kind = StringRef(options.device).split(':').first;
  if (!entry.devices.empty() && !llvm::is_contained(entry.devices, kind))
    return makeSkippedResult(entry, "not for " + kind.str() + ", but for " + llvm::join(entry.devices, ", "));
  llvm::SmallString<128> temporary;
  if (std::error_code problem = fs::createUniqueDirectory("lacuna-bench", temporary)) {
    fail("cannot make a temporary folder: " + problem.message());
    return makeSkippedResult(entry, "no temporary folder");
  }
  workplace.temporary = std::string(temporary.str());
  Json result;
  {
    EntryRun run(entry, workplace);
    run.measure();
    result = makeEntryResult(run, options.result);
  }
  (void)fs::remove_directories(temporary);
  return result;
}

/// Earlier results of the same, if they ended well; null elsewhere. Also of entries that --only leaves out.
bool Tool::readEarlier(const Document &document, std::vector<Json> &kept) {
  kept.resize(suite.entries.size());
  if (!options.resume)
    return true;
  runtime::Result<Json> earlier = document.readEarlier();
  if (!earlier.ok())
    return fail(earlier.status().message);
  for (auto [i, entry] : llvm::enumerate(suite.entries)) {
    const Json &found = memberOf(*earlier, entry.name.c_str());
    if (memberOf(found, "key") == Json(keyOf(entry, keyContext())) && describeFailure(found).empty())
      kept[i] = found;
  }
  return true;
}

Json Tool::resultFor(const Entry &entry) {
  std::string key = keyOf(entry, keyContext());
  Json result = measure(entry);
  result["key"] = key;
  result["device"] = options.device;
  return result;
}

static std::string summaryOf(const Json &result, bool isKept) {
  if (memberOf(result, "status") == Json("skipped"))
    return "skipped: " + textOf(memberOf(result, "error"));
  std::string text = isKept ? "kept: " : "";
  if (std::string failure = describeFailure(result); !failure.empty())
    return text + "FAILED: " + failure;
  char number[64];
  snprintf(number, sizeof(number), "%.3f ms",
           1e3 * memberOf(memberOf(memberOf(memberOf(result, "sides"), "ours"), "seconds"), "median").get<double>());
  text += number;
  for (const Json &comparison : memberOf(result, "comparisons"))
    if (const Json &speedup = memberOf(memberOf(comparison, "speedup"), "e2e"); speedup.is_number()) {
      snprintf(number, sizeof(number), ", x%.2f ", speedup.get<double>());
      text += number + textOf(memberOf(comparison, "baseline"));
    }
  return text + (memberOf(result, "fluctuating") == Json(true) ? ", fluctuating" : "");
}

bool Tool::measureAll(Document &document) {
  std::vector<Json> kept;
  if (!readEarlier(document, kept))
    return false;
  for (auto [i, result] : llvm::enumerate(kept)) // before anything is measured: an interruption must not lose them
    if (!result.is_null())
      document.set(i, result);
  Progress progress(err, &err == &llvm::errs() && isatty(2), entries.size());
  for (size_t i = 0; i < suite.entries.size(); ++i) {
    const Entry &entry = suite.entries[i];
    if (!isChosen(entry))
      continue;
    bool isKept = !kept[i].is_null();
    progress.begin(entry.name);
    Json result = isKept ? kept[i] : resultFor(entry);
    if (interrupted()) {
      progress.close();
      return fail("interrupted in '" + entry.name + "'; go on with --resume");
    }
    if (std::string failure = describeFailure(result); !failure.empty())
      failures.emplace_back(entry.name, failure);
    document.set(i, result);
    if (runtime::Status status = document.writeJson(); !status.ok()) {
      progress.close();
      return fail(status.message);
    }
    progress.end(entry.name, summaryOf(result, isKept), !isKept && memberOf(result, "status") != Json("skipped"));
  }
  progress.close();
  return true;
}

bool Tool::report(Document &document) {
  std::vector<std::string> names;
  for (const auto &[name, what] : failures)
    names.push_back(name);
  if (runtime::Status status = document.finish(names); !status.ok())
    return fail(status.message);
  out << makeTable(document.all()) << "\n";
  for (const std::string &file : document.files())
    out << "wrote " << file << "\n";
  out.flush();
  for (const auto &[name, what] : failures)
    fail(name + ": " + what);
  if (!failures.empty())
    fail(std::to_string(failures.size()) + " of " + std::to_string(entries.size()) + " entries failed");
  return failures.empty();
}

bool Tool::run() {
  if (!readEntries())
    return false;
  if (options.list) {
    list();
    return true;
  }
  if (!makeWorkplace())
    return false;
  Document document(options.folder, suite.name, makeHead(), suite.entries.size());
  return measureAll(document) && report(document);
}

bool lacuna::bench::runTool(const ToolOptions &options, llvm::raw_ostream &out, llvm::raw_ostream &err) {
  return Tool(options, out, err).run();
}
