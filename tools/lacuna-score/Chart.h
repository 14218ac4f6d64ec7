// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A chart as SVG text. Series differ by dashes, marks and words as well as by colour; colours are the page's (Html.h).
// Pure: no files, no JSON, and nothing that is not a finite number gets into a coordinate.
#ifndef LACUNA_TOOLS_SCORE_CHART_H
#define LACUNA_TOOLS_SCORE_CHART_H

#include "Ticks.h"

namespace lacuna::score {

struct Point {
  double x, y;
  std::string label = {};                     ///< beside the mark, where there is room
  std::string otherLabel = {};                ///< a short one, for where there is not
  std::optional<double> limit = std::nullopt; ///< a bar at this y above the mark, and a thin line to it
};

struct Series {
  std::string name; ///< beside the line's end; of marks without a line in a legend
  std::vector<Point> points;
  bool hasLine = true;
  bool hasMarks = true;
  bool isThick = false;
  size_t style = 0; ///< of marks, dashes and colour; modulo numStyles
};

/// A dotted vertical line with words at its top.
struct Crossing {
  double x;
  std::string label;
};

struct Chart {
  std::string id; ///< unique in the page; letters, digits, -
  std::string title, description;
  Axis x, y;
  std::vector<Series> series;
  std::vector<Crossing> crossings = {};
  std::optional<double> baseLine = std::nullopt; ///< a solid horizontal line at this y
};

constexpr size_t numStyles = 8;
/// Empty: solid.
const char *dashesOf(size_t style);
/// Of a mark around (x, y).
std::string markPath(size_t style, double x, double y);

std::string toSvg(const Chart &chart);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_CHART_H
