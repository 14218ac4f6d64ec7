// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Machine.h"

#include "Process.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

#include <cstdlib>
#include <fstream>
#include <sched.h>
#include <set>
#include <sstream>
#include <sys/utsname.h>
#include <unistd.h>

using namespace lacuna::bench;

std::string lacuna::bench::hashText(const std::string &text) {
  llvm::XXH128_hash_t hash = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(text));
  return llvm::utohexstr(hash.high64, true, 16) + llvm::utohexstr(hash.low64, true, 16);
}

std::string lacuna::bench::hashFile(const std::string &path) {
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  return file ? hashText((*file)->getBuffer().str()) : "";
}

/// The first "KEY : VALUE" of /proc/cpuinfo.
static std::string cpuField(const std::string &key) {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    auto [name, value] = llvm::StringRef(line).split(':');
    if (name.trim() == key)
      return value.trim().str();
  }
  return "";
}

static Json flagsJson() {
  std::istringstream words(cpuField("flags"));
  std::set<std::string> present;
  for (std::string word; words >> word;)
    present.insert(word);
  Json flags = Json::array();
  for (const char *flag :
       {"avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512vl", "avx512_bf16", "avx512_fp16", "amx_tile", "amx_bf16"})
    if (present.count(flag))
      flags.push_back(flag);
  return flags;
}

/// Output of a command, one line; empty if it fails.
static std::string lineOf(const std::vector<std::string> &command, const std::string &folder) {
  auto process = Process::start(command, folder, "/dev/null");
  std::string line;
  if (!process.ok() || (*process)->receive(line, 5) != Process::Answer::Line)
    return "";
  return line;
}

static Json commitJson(const std::string &program) {
  std::string folder = llvm::sys::path::parent_path(program).str();
  std::string commit = lineOf({"git", "rev-parse", "--short", "HEAD"}, folder);
  if (commit.empty())
    return Json();
  bool changed = !lineOf({"git", "status", "--porcelain", "--untracked-files=no"}, folder).empty();
  return commit + (changed ? " with changes" : "");
}

Json lacuna::bench::describeMachine(const std::string &program, std::optional<int64_t> threads) {
  cpu_set_t set;
  CPU_ZERO(&set);
  int cores = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : int(sysconf(_SC_NPROCESSORS_ONLN));
  double load = 0;
  (void)getloadavg(&load, 1);
  utsname system = {};
  (void)uname(&system);
  const char *fromEnvironment = std::getenv("LACUNA_NUM_THREADS");
  int64_t number = fromEnvironment ? std::atoll(fromEnvironment) : 0;
  Json json;
  json["cpu"] = cpuField("model name");
  json["flags"] = flagsJson();
  json["cores"] = cores;
  json["threads"] = threads.value_or(number > 0 ? number : cores);
  json["load"] = load;
  json["memory_bytes"] = int64_t(sysconf(_SC_PHYS_PAGES)) * int64_t(sysconf(_SC_PAGE_SIZE));
  json["kernel"] = std::string(system.sysname) + " " + system.release + " " + system.machine;
  json["compiler"] = __VERSION__;
  json["llvm"] = LLVM_VERSION_STRING;
  json["commit"] = commitJson(program);
  return json;
}
