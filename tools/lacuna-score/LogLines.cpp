// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "LogLines.h"

#include <algorithm>
#include <cctype>
#include <string>

using namespace lacuna::score;

static constexpr std::string_view spaces = " \t\n\r\v\f";

bool LogLines::next(std::string_view &line) {
  if (rest.empty())
    return false;
  current += startsLine;
  size_t end = rest.find_first_of("\n\r");
  line = rest.substr(0, end);
  if (end == rest.npos) {
    rest = {};
    return true;
  }
  bool both = rest.substr(end, 2) == "\r\n";
  startsLine = both || rest[end] == '\n';
  rest.remove_prefix(end + (both ? 2 : 1));
  return true;
}

static bool isWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

std::optional<Field> lacuna::score::findField(std::string_view line, std::string_view tag) {
  std::string start = std::string(tag) + "[";
  for (size_t at = line.find(start); at != line.npos; at = line.find(start, at + 1)) {
    size_t begin = at + start.size(), end = begin;
    while (end < line.size() && isWord(line[end]))
      ++end;
    if (end > begin && line.substr(end, 3) == "]: " && line.size() > end + 3)
      return Field{line.substr(begin, end - begin), line.substr(end + 3)};
  }
  return std::nullopt;
}

std::optional<Field> lacuna::score::findLongField(std::string_view line, std::string_view tag) {
  std::string start = std::string(tag) + "[";
  size_t at = line.find(start);
  // The last "]: " that something follows.
  size_t end = line.size() < 4 ? line.npos : line.rfind("]: ", line.size() - 4);
  if (at == line.npos || end == line.npos || end <= at + start.size())
    return std::nullopt;
  return Field{line.substr(at + start.size(), end - at - start.size()), line.substr(end + 3)};
}

std::string_view lacuna::score::trim(std::string_view text) {
  size_t begin = text.find_first_not_of(spaces);
  if (begin == text.npos)
    return {};
  return text.substr(begin, text.find_last_not_of(spaces) - begin + 1);
}

std::vector<std::string_view> lacuna::score::splitWords(std::string_view text) {
  std::vector<std::string_view> words;
  size_t at = text.find_first_not_of(spaces);
  while (at != text.npos && words.size() < maxWords) {
    size_t end = std::min(text.find_first_of(spaces, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(spaces, end);
  }
  return words;
}
