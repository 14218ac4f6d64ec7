// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "GraphNetLog.h"

#include "LogSample.h"

#include <map>

using namespace lacuna::score;

/// The last word of the line that opens a sample.
static std::string nameOf(std::string_view line, size_t number, Notes &notes) {
  std::string_view trimmed = trim(line);
  std::string_view last = trimmed.substr(trimmed.find_last_of(" \t\v\f") + 1); // all of it, if npos
  if (contains(line, "[Processing] ") && !contains(last, "[Processing]"))
    return std::string(last);
  notes.add(number, "expects [Processing] NAME, but got " + quote(line) + "; counted as a sample without a name");
  return "";
}

std::vector<Sample> lacuna::score::readGraphNetLog(std::string_view text, Notes &notes) {
  std::vector<Sample> samples;
  std::map<std::string, size_t, std::less<>> firstLines;
  std::optional<LogSample> open;
  auto close = [&] {
    if (open)
      samples.push_back(open->finish(notes));
  };
  LogLines lines(text);
  for (std::string_view line; lines.next(line);) {
    if (contains(line, "[Processing]")) {
      close();
      std::string name = nameOf(line, lines.number(), notes);
      auto [first, isNew] = firstLines.try_emplace(name, lines.number());
      if (!isNew && !name.empty())
        notes.add(lines.number(), quote(name) + " is in line " + std::to_string(first->second) + ", too; both count");
      open.emplace(name, lines.number());
    }
    if (open)
      open->read(line, lines.number(), notes);
  }
  close();
  if (samples.empty())
    notes.add(std::nullopt, "no line with [Processing], so no samples");
  return samples;
}
