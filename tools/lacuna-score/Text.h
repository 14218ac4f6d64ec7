// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text of unknown origin on its way into HTML and SVG: escaped, shortened, measured; and numbers for people.
#ifndef LACUNA_TOOLS_SCORE_TEXT_H
#define LACUNA_TOOLS_SCORE_TEXT_H

#include <optional>
#include <string>
#include <string_view>

namespace lacuna::score {

/// For text and quoted attributes of both HTML and XML. What is no UTF-8, a control or a character that changes the
/// direction of writing becomes U+FFFD, a line break or a tab a space.
std::string escape(std::string_view text);

/// At most so many characters; the last one is then an ellipsis. Not escaped.
std::string shorten(std::string_view text, size_t characters);

/// About how wide it will be in a sans-serif font, in units of the font's size. Rather too wide.
double textWidth(std::string_view text);

/// "0.00123", "12.3", "1.2e+07": three digits. Nothing and what is not finite: a dash.
std::string formatNumber(std::optional<double> value);
std::string formatSeconds(std::optional<double> seconds); ///< "1.23 ms"
std::string formatTimes(std::optional<double> factor);    ///< "1.5x", with the sign of multiplication
std::string formatPercent(std::optional<double> share);   ///< of 0.025: "2.5 %"
std::string formatLength(double length);                  ///< "16k" if it is a multiple of 1024, else all its digits
std::string formatBytes(double bytes);                    ///< "7.8 GiB"
std::string formatLevel(int t);                           ///< with a real minus

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_TEXT_H
