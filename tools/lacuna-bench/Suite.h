// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A suite as it is run: defaults applied, programs made, every key checked. What the keys mean:
// docs/design/bench_json.md. Files that a suite names are not looked at here: a program that is missing fails its
// entry, not the suite.
#ifndef LACUNA_TOOLS_BENCH_SUITE_H
#define LACUNA_TOOLS_BENCH_SUITE_H

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace lacuna::bench {

using Json = nlohmann::ordered_json;

/// A Lacuna program with its arguments.
struct Program {
  std::string path;                   ///< relative to the suite; with `text`: stands for it in diagnostics
  std::optional<std::string> text;    ///< made from `attention`; else that of the file
  std::string entry;                  ///< empty: the only one
  std::vector<std::string> arguments; ///< NAME=VALUE
};

enum class SideKind { Lacuna, Dense, Reference, Torch, Python };
const char *sideKindName(SideKind kind);

/// One of the implementations that an entry compares.
struct SideSpec {
  std::string name;
  SideKind kind = SideKind::Lacuna;
  std::string function; ///< of Python: module:function, or the name of one of torch's sides
  Program program;      ///< of Lacuna, Dense and Reference
  bool dropMasks = false;
  int64_t trials = 0, warmup = 0;
  double timeout = 0; ///< seconds, for each step

  bool isPython() const { return kind == SideKind::Torch || kind == SideKind::Python; }
};

struct Entry {
  std::string name, source, note;
  Program program;
  SideSpec ours;
  std::vector<SideSpec> baselines;
  std::optional<Program> selection, index;
  bool approximate = false;
  std::string formula, layout, lse, schedule;
  std::vector<std::string> maskLibraries, devices;
  std::string text; ///< all of the entry as JSON, after defaults and published sizes
};

struct Suite {
  std::string name, path, folder;
  std::vector<Entry> entries;
};

struct SuiteOptions {
  bool published = false;
  std::optional<int64_t> trials, warmup; ///< of all sides but the reference
};

/// Fills `problems` with lines "FILE: PATH: what is wrong" and returns nothing if there is anything wrong.
std::optional<Suite> readSuite(const std::string &path, const SuiteOptions &options,
                               std::vector<std::string> &problems);
/// The same from text; `path` stands for it.
std::optional<Suite> parseSuite(const std::string &text, const std::string &path, const SuiteOptions &options,
                                std::vector<std::string> &problems);

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_SUITE_H
