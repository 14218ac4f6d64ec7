// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a reader ignored, or counted in another way than the file may have meant. Not errors: the rest is scored.
#ifndef LACUNA_TOOLS_SCORE_NOTES_H
#define LACUNA_TOOLS_SCORE_NOTES_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lacuna::score {

struct Note {
  std::string file;
  std::optional<size_t> line; ///< from 1; JSON has none, its notes name the member
  std::string why;
};

/// The notes of one file. Junk would fill memory with them: after the first hundred they are counted only.
class Notes {
public:
  static constexpr size_t limit = 100;

  explicit Notes(std::string file) : file(std::move(file)) {}
  void add(std::optional<size_t> line, std::string why);
  /// The list, ended by a note on those left out.
  std::vector<Note> take();

private:
  std::string file;
  std::vector<Note> notes;
  size_t omitted = 0;
};

/// A piece of a file in quotes, for a message: without control characters, shortened.
std::string quote(std::string_view text);
/// Without control characters.
std::string printable(std::string_view text);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_NOTES_H
