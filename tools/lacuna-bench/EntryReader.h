// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One entry of a suite, with defaults and published sizes merged in, from JSON to what is run.
#ifndef LACUNA_TOOLS_BENCH_ENTRYREADER_H
#define LACUNA_TOOLS_BENCH_ENTRYREADER_H

#include "JsonReader.h"
#include "Suite.h"

namespace lacuna::bench {

class EntryReader {
public:
  EntryReader(const Json &json, const std::string &where, const SuiteOptions &options, Problems &problems)
      : json(json), where(where), options(options), problems(problems), reader(json, where, problems) {}
  Entry read();

private:
  Program readProgram(ObjectReader &from, const std::string &place, const std::optional<std::string> &mask = {});
  std::vector<std::string> readArguments(ObjectReader &from);
  void readOurs();
  void readBaselines();
  SideSpec readBaseline(const Json &item, const std::string &place);
  void chooseSide(SideSpec &side, ObjectReader &from, const std::string &place, const std::string &what);
  Program denseProgram(bool &dropMasks);
  std::string readFunction(ObjectReader &from, const char *key);
  std::optional<Program> readPart(const char *key);
  void readDevices();
  void readNumbers(ObjectReader &from, SideSpec &side, bool isEntry);

  const Json &json;
  std::string where;
  const SuiteOptions &options;
  Problems &problems;
  ObjectReader reader;
  Entry entry;
};

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_ENTRYREADER_H
