// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The result of a run as files: SUITE.json after every entry, and from it SUITE.BASELINE.log (GraphNet's format) and
// table.md. Files appear complete or not at all.
#ifndef LACUNA_TOOLS_BENCH_DOCUMENT_H
#define LACUNA_TOOLS_BENCH_DOCUMENT_H

#include "Suite.h"
#include "runtime/Status.h"

namespace lacuna::bench {

class Document {
public:
  /// `head` holds everything but entries, of which there may be `size`.
  Document(const std::string &folder, const std::string &suiteName, Json head, size_t size);

  /// The finished entries of an earlier run, by name; empty if there is none. Fails on a file that is something else.
  runtime::Result<Json> readEarlier() const;

  /// Sets the result of entry `number` of the suite, whose order is kept; entries without one are left out.
  void set(size_t number, Json entry);
  runtime::Status writeJson() const;
  /// With `finished`, and logs and table.
  runtime::Status finish(const std::vector<std::string> &failed);

  const Json &all() const { return json; }
  std::string jsonPath() const { return path(".json"); }
  const std::vector<std::string> &files() const { return written; }

private:
  std::string path(const std::string &ending) const { return folder + "/" + stem + ending; }
  runtime::Status writeLogs();

  std::string folder, stem;
  Json json;
  std::vector<Json> slots; ///< null where there is nothing yet
  std::vector<std::string> written;
};

/// Letters, digits, and . _ - stay; others become _.
std::string fileName(const std::string &name);

/// "2026-11-25T12:00:00Z".
std::string currentTime();

/// Markdown for people: one row per entry.
std::string makeTable(const Json &result);

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_DOCUMENT_H
