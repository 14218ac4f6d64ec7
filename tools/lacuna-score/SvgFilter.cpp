// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "SvgFilter.h"
#include "Notes.h"
#include "Text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>

using namespace lacuna;
using namespace lacuna::score;
using runtime::Status;

static constexpr size_t maxBytes = 4 << 20, maxElements = 100000, maxDepth = 32;

namespace {
class Filter {
public:
  Filter(std::string_view in, const std::string &id) : in(in), id(id) {}
  Status run();
  std::string out;

private:
  Status addElement();
  Status open(const std::string &name);
  Status close();
  Status addAttributes(const std::string &name, bool &isClosed);
  Status addAttribute(const std::string &element, const std::string &name, const std::string &value);
  Status addText(std::string_view text);
  Status skip(const std::string &name);

  bool startsWith(std::string_view text) const { return in.substr(position, text.size()) == text; }
  std::string takeName();
  void takeSpaces();

  std::string_view in;
  const std::string &id;
  size_t position = 0, elements = 0;
  std::vector<std::string> openElements;
};
} // namespace

static Status refuse(const std::string &why) { return runtime::invalidArgument("picture refused: " + why); }

//===--- What is allowed ------------------------------------------------------------------------------------------===//

template <size_t N> static bool isOneOf(const std::string &text, const char *const (&list)[N]) {
  return std::any_of(std::begin(list), std::end(list), [&](const char *item) { return text == item; });
}

static bool isAllowedElement(const std::string &name) {
  static constexpr const char *names[] = {"svg",  "title",   "desc",     "g",       "rect", "path", "circle",
                                          "line", "ellipse", "polyline", "polygon", "text", "tspan"};
  return isOneOf(name, names);
}

/// Numbers between letters, spaces, commas and parentheses; each finite and of a reasonable size.
static bool isGeometry(const std::string &text, std::string_view letters) {
  for (size_t i = 0; i < text.size();) {
    char c = text[i];
    if (c == ' ' || c == ',' || c == '\n' || letters.find(c) != letters.npos) {
      ++i;
      continue;
    }
    const char *start = text.data() + i + (c == '+');
    double value = 0;
    auto [end, problem] = std::from_chars(start, text.data() + text.size(), value);
    if (problem != std::errc() || !std::isfinite(value) || std::abs(value) > 1e6)
      return false;
    i = size_t(end - text.data());
  }
  return !text.empty();
}

static bool isClassList(const std::string &text) {
  static constexpr const char *known[] = {"page", "full", "partial", "empty", "pair", "frame"};
  return isOneOf(text, known);
}

/// Attributes that are kept; their values have to be what they should be.
static bool isAllowedAttribute(const std::string &name, const std::string &value) {
  static constexpr const char *numbers[] = {"x",  "y",  "width", "height",  "cx",          "cy",      "r",
                                            "x1", "y1", "x2",    "y2",      "points",      "viewBox", "rx",
                                            "ry", "dx", "dy",    "opacity", "stroke-width"};
  static constexpr const char *anchors[] = {"start", "middle", "end"};
  static constexpr const char *transforms[] = {"translate", "rotate", "scale"};
  if (isOneOf(name, numbers))
    return isGeometry(value, "");
  if (name == "d")
    return isGeometry(value, "MmLlHhVvZzCcSsQqTtAa");
  if (name == "transform") {
    std::string rest = value;
    for (const char *word : transforms)
      for (size_t at; (at = rest.find(word)) != rest.npos;)
        rest.replace(at, std::string_view(word).size(), " ");
    return isGeometry(rest, "()");
  }
  if (name == "text-anchor")
    return isOneOf(value, anchors);
  return (name == "class" && isClassList(value)) || (name == "shape-rendering" && value == "crispEdges") ||
         (name == "fill" && value == "none");
}

//===--- Reading --------------------------------------------------------------------------------------------------===//

void Filter::takeSpaces() {
  while (position < in.size() && std::string_view(" \t\r\n").find(in[position]) != std::string_view::npos)
    ++position;
}

std::string Filter::takeName() {
  size_t start = position;
  while (position < in.size() && (std::isalnum(static_cast<unsigned char>(in[position])) || in[position] == '-' ||
                                  in[position] == ':' || in[position] == '_'))
    ++position;
  return std::string(in.substr(start, position - start));
}

/// The five entities of XML; others have no place here.
static std::optional<std::string> decode(std::string_view text) {
  static constexpr std::pair<const char *, char> entities[] = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
  std::string result;
  for (size_t i = 0; i < text.size();) {
    if (text[i] != '&') {
      result += text[i++];
      continue;
    }
    auto found = std::find_if(std::begin(entities), std::end(entities), [&](const auto &entity) {
      return text.substr(i, std::string_view(entity.first).size()) == entity.first;
    });
    if (found == std::end(entities))
      return std::nullopt;
    result += found->second;
    i += std::string_view(found->first).size();
  }
  return result;
}

Status Filter::addText(std::string_view text) {
  std::optional<std::string> words = decode(text);
  if (!words)
    return refuse("an entity of unknown meaning");
  bool isBlank = words->find_first_not_of(" \t\r\n") == words->npos;
  if (!isBlank && openElements.empty())
    return refuse("text outside of <svg>");
  if (!isBlank)
    out += escape(*words);
  return runtime::success();
}

Status Filter::addAttribute(const std::string &element, const std::string &name, const std::string &value) {
  bool isPages = element == "svg" && (name == "width" || name == "height" || name == "class"); // the page decides
  if (name == "fill" && value == "url(#hatch)")
    out += " fill=\"url(#" + id + "-hatch)\"";
  else if (!isPages && isAllowedAttribute(name, value))
    out += " " + name + "=\"" + escape(value) + "\"";
  else if (name.compare(0, 2, "on") == 0 || name.find("href") != name.npos)
    return refuse("the attribute " + quote(name));
  return runtime::success();
}

Status Filter::addAttributes(const std::string &name, bool &isClosed) {
  for (std::set<std::string> seen;;) {
    takeSpaces();
    isClosed = startsWith("/>");
    if (isClosed || startsWith(">")) {
      position += isClosed ? 2 : 1;
      return runtime::success();
    }
    std::string attribute = takeName();
    char mark = position + 1 < in.size() ? in[position + 1] : 0;
    size_t end = mark == '"' || mark == '\'' ? in.find(mark, position + 2) : in.npos;
    if (attribute.empty() || !seen.insert(attribute).second || !startsWith("=") || end == in.npos)
      return refuse("<" + printable(name) + "> is not well-formed");
    std::optional<std::string> value = decode(in.substr(position + 2, end - position - 2));
    position = end + 1;
    if (!value)
      return refuse("an entity of unknown meaning");
    if (Status status = addAttribute(name, attribute, *value); !status.ok())
      return status;
  }
}

/// An element whose content has no meaning here.
Status Filter::skip(const std::string &name) {
  size_t end = in.find("</" + name + ">", position);
  if (end == in.npos)
    return refuse("<" + name + "> without an end");
  position = end + name.size() + 3;
  return runtime::success();
}

Status Filter::open(const std::string &name) {
  bool isRoot = openElements.empty();
  if (name == "style" || name == "defs")
    return isRoot ? refuse("no <svg>") : skip(name);
  if (!isAllowedElement(name) || isRoot != (name == "svg") || (isRoot && elements > 0))
    return refuse("<" + printable(name) + "> in this place");
  if (++elements > maxElements || openElements.size() >= maxDepth)
    return refuse("too many elements");
  out += "<" + name;
  if (isRoot)
    out += " xmlns=\"http://www.w3.org/2000/svg\" class=\"mask\" role=\"img\"";
  bool isClosed = false;
  if (Status status = addAttributes(name, isClosed); !status.ok())
    return status;
  if (isClosed && isRoot)
    return refuse("an empty <svg>");
  out += isClosed ? "/>" : ">";
  if (isRoot)
    out += "<defs><pattern id=\"" + id +
           "-hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
           "<path class=\"hatch\" d=\"M0 0V5\"/></pattern></defs>";
  if (!isClosed)
    openElements.push_back(name);
  return runtime::success();
}

Status Filter::close() {
  std::string name = takeName();
  takeSpaces();
  if (openElements.empty() || openElements.back() != name || !startsWith(">"))
    return refuse("</" + printable(name) + "> in this place");
  ++position;
  openElements.pop_back();
  out += "</" + name + ">";
  return runtime::success();
}

Status Filter::addElement() {
  ++position; // <
  if (startsWith("/")) {
    ++position;
    return close();
  }
  return open(takeName());
}

Status Filter::run() {
  if (in.size() > maxBytes)
    return refuse(std::to_string(in.size()) + " bytes, which is above " + std::to_string(maxBytes));
  while (position < in.size()) {
    size_t next = std::min(in.find('<', position), in.size());
    Status status = addText(in.substr(position, next - position));
    position = next;
    if (status.ok() && position < in.size())
      status = addElement();
    if (!status.ok())
      return status;
  }
  return openElements.empty() && elements > 0 ? runtime::success() : refuse("it ends too early");
}

runtime::Result<std::string> lacuna::score::filterPicture(std::string_view svg, const std::string &id) {
  Filter filter(svg, id);
  if (Status status = filter.run(); !status.ok())
    return status;
  return std::move(filter.out);
}
