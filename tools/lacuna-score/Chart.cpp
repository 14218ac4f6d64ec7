// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Chart.h"
#include "Clip.h"
#include "Labels.h"
#include "Text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace lacuna::score;

static constexpr double pageWidth = 760, plotHeight = 330, fontSize = 13, rowHeight = 17;

namespace {
class Plot {
public:
  explicit Plot(const Chart &chart);
  std::string write();

private:
  void addAxes();
  void addSeries(const Series &series);
  void addLine(const Series &series, const std::vector<Position> &points);
  void addMark(const Series &series, const Point &point, Position at);
  void addEndLabels();
  void addPointLabels();
  void addLegend();
  void addCrossings();
  void line(const char *style, Position a, Position b, const char *dashes = "");
  void path(const std::string &style, const std::string &d, const char *dashes = "");
  void text(const char *style, Position at, const char *anchor, const std::string &words);

  bool canShow(const Point &point) const { return x.canShow(point.x) && y.canShow(point.y); }
  bool isInside(const Point &point) const;
  Position place(double px, double py) const;
  std::vector<std::vector<Position>> visiblePieces(const Series &series) const;

  const Chart &chart;
  AxisRange x, y;
  Box area; ///< of the plot itself
  LabelPlacer labels;
  std::string svg;
};
} // namespace

//===--- Layout ---------------------------------------------------------------------------------------------------===//

static std::vector<double> valuesOf(const Chart &chart, bool ofX) {
  std::vector<double> values;
  for (const Series &series : chart.series)
    for (const Point &point : series.points)
      if (series.hasMarks || series.points.size() > 2) { // a bare line of two points is a rule, and may be cut off
        values.push_back(ofX ? point.x : point.y);
        if (!ofX && point.limit)
          values.push_back(*point.limit);
      }
  if (!ofX && chart.baseLine)
    values.push_back(*chart.baseLine);
  return values;
}

static double longest(const std::vector<std::string> &texts) {
  double width = 0;
  for (const std::string &text : texts)
    width = std::max(width, textWidth(text) * fontSize);
  return width;
}

static std::string endLabel(const Series &series) { return shorten(series.name, 26); }

/// Names and marks of what has no line's end to stand at.
static bool isInLegend(const Series &series) { return !series.hasLine; }

static Box areaOf(const Chart &chart, const AxisRange &y) {
  std::vector<std::string> ticks, names;
  for (const Tick &tick : y.ticks())
    ticks.push_back(tick.label);
  bool hasLegend = false;
  for (const Series &series : chart.series) {
    hasLegend |= isInLegend(series);
    if (!isInLegend(series))
      names.push_back(endLabel(series));
  }
  double left = 34 + longest(ticks), right = names.empty() ? 20 : 44 + longest(names);
  return {left, hasLegend ? 14 + rowHeight : 12, pageWidth - left - right, plotHeight};
}

Plot::Plot(const Chart &chart)
    : chart(chart), x(chart.x, valuesOf(chart, true)), y(chart.y, valuesOf(chart, false)), area(areaOf(chart, y)),
      labels(area) {}

Position Plot::place(double px, double py) const { return {area.x + area.width * px, area.y + area.height * (1 - py)}; }

bool Plot::isInside(const Point &point) const {
  if (!canShow(point))
    return false;
  double px = x.position(point.x), py = y.position(point.y);
  return px > -1e-9 && px < 1 + 1e-9 && py > -1e-9 && py < 1 + 1e-9;
}

//===--- Writing --------------------------------------------------------------------------------------------------===//

static std::string number(double value) {
  char text[32];
  snprintf(text, sizeof(text), "%.2f", std::isfinite(value) ? std::clamp(value, -1e4, 1e4) : 0);
  return text;
}

static std::string dashAttribute(const char *dashes) {
  return *dashes ? std::string(" stroke-dasharray=\"") + dashes + "\"" : "";
}

void Plot::line(const char *style, Position a, Position b, const char *dashes) {
  svg += std::string("<line class=\"") + style + "\" x1=\"" + number(a.x) + "\" y1=\"" + number(a.y) + "\" x2=\"" +
         number(b.x) + "\" y2=\"" + number(b.y) + "\"" + dashAttribute(dashes) + "/>\n";
}

void Plot::path(const std::string &style, const std::string &d, const char *dashes) {
  svg += "<path class=\"" + style + "\" d=\"" + d + "\"" + dashAttribute(dashes) + "/>\n";
}

void Plot::text(const char *style, Position at, const char *anchor, const std::string &words) {
  svg += std::string("<text class=\"") + style + "\" x=\"" + number(at.x) + "\" y=\"" + number(at.y) +
         "\" text-anchor=\"" + anchor + "\">" + escape(words) + "</text>\n";
}

void Plot::addAxes() {
  double bottom = area.y + area.height, right = area.x + area.width;
  for (const Tick &tick : y.ticks()) {
    Position at = place(0, y.position(tick.value));
    line("grid", at, {right, at.y});
    text("tick", {at.x - 8, at.y + 4.5}, "end", tick.label);
  }
  double lastEnd = -1e4;
  for (const Tick &tick : x.ticks()) {
    Position at = place(x.position(tick.value), 0);
    line("grid", at, {at.x, area.y});
    double half = textWidth(tick.label) * fontSize / 2;
    if (at.x - half < lastEnd + 4)
      continue; // no room; the line says enough
    text("tick", {at.x, bottom + 19}, "middle", tick.label);
    lastEnd = at.x + half;
  }
  line("axis", {area.x, area.y}, {area.x, bottom});
  line("axis", {area.x, bottom}, {right, bottom});
  text("name", {area.x + area.width / 2, bottom + 42}, "middle", chart.x.title);
  svg += "<text class=\"name\" transform=\"translate(14 " + number(area.y + area.height / 2) +
         ") rotate(-90)\" text-anchor=\"middle\">" + escape(chart.y.title) + "</text>\n";
  if (chart.baseLine && y.canShow(*chart.baseLine)) {
    Position at = place(0, y.position(*chart.baseLine));
    line("base", at, {right, at.y});
  }
}

//===--- Lines ----------------------------------------------------------------------------------------------------===//

/// Lines break where a point cannot be shown, and at the frame.
std::vector<std::vector<Position>> Plot::visiblePieces(const Series &series) const {
  std::vector<std::vector<Position>> pieces;
  bool isConnected = false;
  for (size_t i = 0; i + 1 < series.points.size(); ++i) {
    const Point &from = series.points[i], &to = series.points[i + 1];
    if (!canShow(from) || !canShow(to)) {
      isConnected = false;
      continue;
    }
    Position a = {x.position(from.x), y.position(from.y)}, b = {x.position(to.x), y.position(to.y)};
    Position end = b;
    if (!clipLine(a, b)) {
      isConnected = false;
      continue;
    }
    if (!isConnected)
      pieces.push_back({place(a.x, a.y)});
    pieces.back().push_back(place(b.x, b.y));
    isConnected = b.x == end.x && b.y == end.y;
  }
  return pieces;
}

void Plot::addSeries(const Series &series) {
  std::string style = " s" + std::to_string(series.style % numStyles);
  if (series.hasLine)
    for (const std::vector<Position> &piece : visiblePieces(series)) {
      std::string d;
      for (const Position &at : piece)
        d += (d.empty() ? "M" : "L") + number(at.x) + " " + number(at.y);
      path("line" + style + (series.isThick ? " thick" : ""), d, dashesOf(series.style));
    }
  for (const Point &point : series.points)
    if (series.hasMarks && isInside(point))
      addMark(series, point, place(x.position(point.x), y.position(point.y)));
}

void Plot::addMark(const Series &series, const Point &point, Position at) {
  if (point.limit && y.canShow(*point.limit)) {
    Position limit = place(x.position(point.x), std::clamp(y.position(*point.limit), 0.0, 1.0));
    line("stem", at, limit);
    line("limit", {limit.x - 6, limit.y}, {limit.x + 6, limit.y});
    labels.block({limit.x - 6, limit.y - 2, 12, 4});
  }
  path("mark s" + std::to_string(series.style % numStyles), markPath(series.style, at.x, at.y));
  labels.block({at.x - 6, at.y - 6, 12, 12});
}

//===--- Words ----------------------------------------------------------------------------------------------------===//

/// Beside the right end of the plot, at the height of each line's last point.
void Plot::addEndLabels() {
  std::vector<const Series *> named;
  std::vector<Position> ends;
  std::vector<double> heights;
  for (const Series &series : chart.series) {
    std::vector<std::vector<Position>> pieces = visiblePieces(series);
    std::optional<Position> end;
    if (series.hasLine && !pieces.empty())
      end = pieces.back().back();
    for (const Point &point : series.points)
      if (series.hasLine && !end && isInside(point))
        end = place(x.position(point.x), y.position(point.y));
    if (!end)
      continue;
    named.push_back(&series);
    ends.push_back(*end);
    heights.push_back(end->y);
  }
  heights = spread(heights, rowHeight, area.y + 4, area.y + area.height - 4);
  double left = area.x + area.width;
  for (size_t i = 0; i < named.size(); ++i) {
    line("leader", {ends[i].x + 6, ends[i].y}, {left + 12, heights[i]});
    if (named[i]->hasMarks)
      path("mark s" + std::to_string(named[i]->style % numStyles), markPath(named[i]->style, left + 20, heights[i]));
    text("label", {left + (named[i]->hasMarks ? 31 : 16), heights[i] + 4.5}, "start", endLabel(*named[i]));
  }
}

/// Names beside marks; where there is no room their numbers, where there is none for these nothing.
void Plot::addPointLabels() {
  constexpr size_t most = 200;
  size_t count = 0;
  for (const Series &series : chart.series)
    for (const Point &point : series.points) {
      if (point.label.empty() || !isInside(point) || ++count > most)
        continue;
      Position at = place(x.position(point.x), y.position(point.y));
      for (const std::string &words : {shorten(point.label, 26), point.otherLabel}) {
        double width = textWidth(words) * fontSize;
        std::optional<Box> box = words.empty() ? std::nullopt : labels.place(at.x, at.y, width, rowHeight - 2);
        if (!box)
          continue;
        bool isLeft = box->x + box->width < at.x;
        text("label", {isLeft ? box->x + box->width : box->x, box->y + 12}, isLeft ? "end" : "start", words);
        break;
      }
    }
}

void Plot::addLegend() {
  double left = area.x;
  for (const Series &series : chart.series) {
    if (!isInLegend(series))
      continue;
    std::string words = shorten(series.name, 60);
    path("mark s" + std::to_string(series.style % numStyles), markPath(series.style, left + 6, 12));
    text("label", {left + 17, 16.5}, "start", words);
    left += 17 + textWidth(words) * fontSize + 22;
  }
}

void Plot::addCrossings() {
  for (const Crossing &crossing : chart.crossings) {
    if (!x.canShow(crossing.x) || x.position(crossing.x) < 0 || x.position(crossing.x) > 1)
      continue;
    Position bottom = place(x.position(crossing.x), 0);
    std::string words = shorten(crossing.label, 40);
    double width = textWidth(words) * fontSize;
    std::optional<Box> box = labels.placeInRows(bottom.x, area.y + 2, width + 6, rowHeight, 6);
    line("crossing", bottom, {bottom.x, box ? box->y + rowHeight : area.y}, "1 4");
    if (box)
      text("label", {box->x + 3, box->y + 13}, "start", words);
  }
}

std::string Plot::write() {
  double height = area.y + area.height + 54;
  svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 " + number(pageWidth) + " " +
        number(height) + "\" role=\"img\" aria-labelledby=\"" + escape(chart.id) + "-t " + escape(chart.id) +
        "-d\">\n<title id=\"" + escape(chart.id) + "-t\">" + escape(chart.title) + "</title>\n<desc id=\"" +
        escape(chart.id) + "-d\">" + escape(chart.description) + "</desc>\n";
  addAxes();
  for (const Series &series : chart.series)
    addSeries(series);
  addCrossings();
  addEndLabels();
  addPointLabels();
  addLegend();
  return svg + "</svg>\n";
}

std::string lacuna::score::toSvg(const Chart &chart) { return Plot(chart).write(); }
