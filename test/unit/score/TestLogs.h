// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A log of one good sample as lines that a test takes away, changes or adds to.
#ifndef LACUNA_TEST_UNIT_SCORE_TESTLOGS_H
#define LACUNA_TEST_UNIT_SCORE_TESTLOGS_H

#include "GraphNetLog.h"
#include "TestSamples.h"

namespace lacuna::score {

using Lines = std::vector<std::string>;

/// A passing sample with one float32 output: bit-exact, twice as fast. Only the 16 lines of its own type.
inline Lines goodLog(const std::string &name = "models/good") {
  Lines lines = {"> [Processing] " + name, "> [Datatype][eager]: float32", "> [Datatype][compiled]: float32",
                 "> [DataType] eager:['float32'] compiled:['float32'] match:True", "> [Correctness][equal]: 1"};
  for (int t = minLevel; t <= maxLevel; ++t)
    lines.push_back("> [Correctness][" + allCloseKey(Formula::Float32, t) + "]: 1");
  lines.push_back("> [Speedup][e2e]: 2.00000");
  return lines;
}

/// Without the lines that contain `part`.
inline Lines without(const Lines &lines, const std::string &part) {
  Lines kept;
  for (const std::string &line : lines)
    if (line.find(part) == line.npos)
      kept.push_back(line);
  return kept;
}

/// Every `from` replaced.
inline Lines replaced(Lines lines, const std::string &from, const std::string &to) {
  for (std::string &line : lines)
    for (size_t at = line.find(from); at != line.npos; at = line.find(from, at + to.size()))
      line.replace(at, from.size(), to);
  return lines;
}

inline Lines with(Lines lines, const Lines &more) {
  lines.insert(lines.end(), more.begin(), more.end());
  return lines;
}

inline std::string joined(const Lines &lines, const std::string &end = "\n") {
  std::string text;
  for (const std::string &line : lines)
    text += line + end;
  return text;
}

struct ReadLog {
  std::vector<Sample> samples;
  std::string notes; ///< "LINE: why", one per line
};

inline ReadLog readText(const std::string &text) {
  Notes notes("x.log");
  ReadLog log = {readGraphNetLog(text, notes), ""};
  for (const Note &note : notes.take())
    log.notes += (note.line ? std::to_string(*note.line) : "-") + ": " + note.why + "\n";
  return log;
}

inline ReadLog readLines(const Lines &lines) { return readText(joined(lines)); }

} // namespace lacuna::score

#endif // LACUNA_TEST_UNIT_SCORE_TESTLOGS_H
