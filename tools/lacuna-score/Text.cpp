// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>

using namespace lacuna::score;

//===--- Characters -----------------------------------------------------------------------------------------------===//

static constexpr char32_t replacement = 0xFFFD;

/// The character at `position`, which moves behind it. One byte at a time where it is no UTF-8.
static char32_t next(std::string_view text, size_t &position) {
  auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  unsigned first = byte(position++);
  if (first < 0x80)
    return first;
  size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  if (first < 0xC2 || first > 0xF4)
    return replacement;
  char32_t c = first & (0x3F >> more);
  for (size_t i = 0; i < more; ++i) {
    if ((byte(position + i) & 0xC0) != 0x80)
      return replacement;
    c = c << 6 | (byte(position + i) & 0x3F);
  }
  static constexpr char32_t least[] = {0, 0x80, 0x800, 0x10000};
  if (c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
    return replacement;
  position += more;
  return c;
}

/// Characters that XML forbids, that show nothing, or that turn around what follows.
static bool isHarmful(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0x2028 || c == 0x2029 || (c & 0xFFFE) == 0xFFFE;
}

static void append(std::string &text, char32_t c) {
  if (c < 0x80) {
    text += char(c);
    return;
  }
  int more = c >= 0x10000 ? 3 : c >= 0x800 ? 2 : 1;
  static constexpr unsigned marks[] = {0, 0xC0, 0xE0, 0xF0};
  text += char(marks[more] | c >> (6 * more));
  for (int i = more - 1; i >= 0; --i)
    text += char(0x80 | (c >> (6 * i) & 0x3F));
}

static void appendEscaped(std::string &text, char32_t c) {
  switch (c) {
  case '&':
    text += "&amp;";
    return;
  case '<':
    text += "&lt;";
    return;
  case '>':
    text += "&gt;";
    return;
  case '"':
    text += "&quot;";
    return;
  case '\'':
    text += "&#39;";
    return;
  case '\t':
  case '\n':
  case '\r':
    text += ' ';
    return;
  }
  append(text, isHarmful(c) ? replacement : c);
}

std::string lacuna::score::escape(std::string_view text) {
  std::string result;
  for (size_t position = 0; position < text.size();)
    appendEscaped(result, next(text, position));
  return result;
}

std::string lacuna::score::shorten(std::string_view text, size_t characters) {
  size_t position = 0, count = 0, cut = 0;
  while (position < text.size()) {
    if (count + 1 == characters)
      cut = position; // where the ellipsis would stand
    next(text, position);
    if (++count > characters)
      return std::string(text.substr(0, cut)) + "\xE2\x80\xA6";
  }
  return std::string(text);
}

double lacuna::score::textWidth(std::string_view text) {
  double width = 0;
  for (size_t position = 0; position < text.size();) {
    char32_t c = next(text, position);
    bool narrow = c < 0x80 && std::string_view("iljtfr.,:;'|!()[] ").find(char(c)) != std::string_view::npos;
    bool wide = c >= 0x1100 || c == 'm' || c == 'w' || c == 'M' || c == 'W';
    width += wide ? 1.0 : narrow ? 0.42 : c >= 'A' && c <= 'Z' ? 0.73 : 0.64;
  }
  return width;
}

//===--- Numbers --------------------------------------------------------------------------------------------------===//

static const char *const dash = "\xE2\x80\x93";

/// Three digits, without zeros behind the point, and with a real minus.
static std::string threeDigits(double value) {
  if (value < 0)
    return "\xE2\x88\x92" + threeDigits(-value);
  char text[64];
  double size = std::abs(value);
  if (value != 0 && (size < 1e-4 || size >= 1e6)) {
    snprintf(text, sizeof(text), "%.2e", value);
    return text;
  }
  int decimals = 0;
  if (value != 0)
    decimals = std::max(0, 2 - int(std::floor(std::log10(size))));
  snprintf(text, sizeof(text), "%.*f", decimals, value);
  std::string result = text;
  if (result.find('.') != result.npos)
    result.erase(result.find_last_not_of('0') + 1);
  if (result.back() == '.')
    result.pop_back();
  return result;
}

static bool isKnown(std::optional<double> value) { return value && std::isfinite(*value); }

std::string lacuna::score::formatNumber(std::optional<double> value) {
  return isKnown(value) ? threeDigits(*value) : dash;
}

std::string lacuna::score::formatSeconds(std::optional<double> seconds) {
  if (!isKnown(seconds))
    return dash;
  static constexpr struct {
    double size;
    const char *name;
  } units[] = {{1, " s"}, {1e-3, " ms"}, {1e-6, " \xC2\xB5s"}, {1e-9, " ns"}};
  for (const auto &unit : units)
    if (std::abs(*seconds) >= 0.9995 * unit.size || &unit == std::end(units) - 1)
      return threeDigits(*seconds / unit.size) + unit.name;
  return dash;
}

std::string lacuna::score::formatTimes(std::optional<double> factor) {
  return isKnown(factor) ? threeDigits(*factor) + "\xC3\x97" : dash;
}

std::string lacuna::score::formatPercent(std::optional<double> share) {
  return isKnown(share) ? threeDigits(100 * *share) + " %" : dash;
}

std::string lacuna::score::formatLength(double length) {
  bool whole = std::isfinite(length) && length == std::floor(length) && std::abs(length) < 1e15;
  if (!whole)
    return formatNumber(length);
  bool isK = length >= 1024 && std::fmod(length, 1024) == 0;
  char text[32];
  snprintf(text, sizeof(text), isK ? "%.0fk" : "%.0f", isK ? length / 1024 : length);
  return text;
}

std::string lacuna::score::formatBytes(double bytes) {
  static constexpr const char *names[] = {" B", " KiB", " MiB", " GiB", " TiB"};
  size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < std::size(names); ++unit)
    bytes /= 1024;
  return formatNumber(bytes) + names[unit];
}

std::string lacuna::score::formatLevel(int t) {
  return t < 0 ? "\xE2\x88\x92" + std::to_string(-t) : std::to_string(t);
}
