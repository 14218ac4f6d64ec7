// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The page around a report: one file, no script, nothing from elsewhere, and well-formed as XML too. Light, dark and on
// paper.
#ifndef LACUNA_TOOLS_SCORE_HTML_H
#define LACUNA_TOOLS_SCORE_HTML_H

#include <string>
#include <vector>

namespace lacuna::score {

struct Section {
  std::string id;    ///< letters, digits, -
  std::string title; ///< as text
  std::string body;  ///< as HTML
};

/// Sections without a body are left out.
std::string page(const std::string &title, const std::vector<Section> &sections);

/// Cells are HTML, columns text; a column whose name starts with "#" holds numbers. Wide ones scroll by themselves.
std::string table(const std::vector<std::string> &columns, const std::vector<std::vector<std::string>> &rows);
/// Names and values as text; without the rows that have no value.
std::string facts(const std::vector<std::pair<std::string, std::string>> &rows);
/// The paragraph's words are HTML.
std::string paragraph(const std::string &words);
/// Opened by a click, and on paper.
std::string details(const std::string &summary, const std::string &body);
/// A chart with its title, what it shows, and its numbers. Title and description are text, the others HTML.
std::string figure(const std::string &title, const std::string &description, const std::string &svg,
                   const std::string &numbers);

extern const char *const styleSheet;

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_HTML_H
