// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One object of a suite: takes members by name and type, says what is wrong with its place in the file, and at the end
// which members nobody asked for.
#ifndef LACUNA_TOOLS_BENCH_JSONREADER_H
#define LACUNA_TOOLS_BENCH_JSONREADER_H

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace lacuna::bench {

using Json = nlohmann::ordered_json;

/// Where problems go; all of a file are found in one go.
struct Problems {
  std::string file;
  std::vector<std::string> &list;
  void add(const std::string &where, const std::string &what) {
    list.push_back(file + ": " + (where.empty() ? "" : where + ": ") + what);
  }
};

/// A member, or null where there is none.
const Json &memberOf(const Json &object, const char *key);

/// Empty for what is no text.
std::string textOf(const Json &json);

/// For messages; lists and objects are not written out.
std::string show(const Json &json);

class ObjectReader {
public:
  /// Something that is no object is a problem, and an object without members.
  ObjectReader(const Json &json, std::string where, Problems &problems);

  bool has(const char *key) const { return object.contains(key); }
  /// The member, or null; counts as asked for.
  const Json *take(const char *key);
  std::string text(const char *key, const std::string &otherwise = "");
  bool flag(const char *key, bool otherwise);
  std::optional<int64_t> integer(const char *key, int64_t least, int64_t most = INT64_MAX);
  std::optional<double> number(const char *key);
  std::vector<std::string> texts(const char *key);
  /// Problems for members that were not taken, and the nearest key that is known.
  void finish();

  std::string path(const std::string &key) const { return where.empty() ? key : where + "." + key; }
  void problem(const std::string &key, const std::string &what) { problems.add(key.empty() ? where : path(key), what); }
  /// "expects EXPECTED, but got VALUE".
  void expects(const std::string &key, const std::string &expected, const Json &got) {
    problem(key, "expects " + expected + ", but got " + show(got));
  }

private:
  Json object = Json::object();
  std::string where;
  Problems &problems;
  std::set<std::string> taken;
};

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_JSONREADER_H
