// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Notes.h"

using namespace lacuna::score;

void Notes::add(std::optional<size_t> line, std::string why) {
  if (notes.size() < limit)
    notes.push_back({file, line, std::move(why)});
  else
    ++omitted;
}

std::vector<Note> Notes::take() {
  if (omitted > 0)
    notes.push_back({file, std::nullopt, std::to_string(omitted) + " more are not listed"});
  return std::move(notes);
}

std::string lacuna::score::printable(std::string_view text) {
  std::string result(text);
  for (char &c : result)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = '?';
  return result;
}

std::string lacuna::score::quote(std::string_view text) {
  constexpr size_t longest = 60;
  std::string start = printable(text.substr(0, longest));
  return "'" + start + (text.size() > longest ? "...'" : "'");
}
