// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lines of a GraphNet log, and the tags in them. Linear in the length of a line, whatever it holds.
#ifndef LACUNA_TOOLS_SCORE_LOGLINES_H
#define LACUNA_TOOLS_SCORE_LOGLINES_H

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace lacuna::score {

/// Cuts a text at \n, \r\n and \r, as Python does (a progress bar ends its lines with \r).
class LogLines {
public:
  explicit LogLines(std::string_view text) : rest(text) {}
  /// The next line, or false at the end.
  bool next(std::string_view &line);
  /// Of the line that next gave, from 1. Counts \n only, as editors do.
  size_t number() const { return current; }

private:
  std::string_view rest;
  size_t current = 0;
  bool startsLine = true;
};

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// "… TAG[key]: value", with a value that is not empty.
struct Field {
  std::string_view key, value;
};
/// The key is one word.
std::optional<Field> findField(std::string_view line, std::string_view tag);
/// The key is everything up to the last "]: ".
std::optional<Field> findLongField(std::string_view line, std::string_view tag);

std::string_view trim(std::string_view text);
/// At most so many words; a line of a real log has a few hundred.
constexpr size_t maxWords = 65536;
std::vector<std::string_view> splitWords(std::string_view text);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_LOGLINES_H
