// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ticks, scales, clipping, places for words, and the SVG that comes of them.
#include "Chart.h"
#include "Clip.h"
#include "Labels.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <set>

using namespace lacuna::score;

static std::vector<std::string> tickLabels(const Axis &axis, const std::vector<double> &values) {
  std::vector<std::string> labels;
  for (const Tick &tick : AxisRange(axis, values).ticks())
    labels.push_back(tick.label);
  return labels;
}

static size_t count(const std::string &text, const std::string &part) {
  size_t number = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
    ++number;
  return number;
}

//===--- Axes -----------------------------------------------------------------------------------------------------===//

using Labels = std::vector<std::string>;

TEST(TicksTest, linear) {
  EXPECT_EQ(tickLabels({"", Scale::Linear}, {0.3, 7.9}), (Labels{"0", "1", "2", "3", "4", "5", "6", "7", "8"}));
  EXPECT_EQ(tickLabels({"", Scale::Linear}, {5}), (Labels{"4", "4.5", "5", "5.5", "6"}));
  Axis levels = {"", Scale::Linear, Unit::Level, {-4, 4}, true};
  EXPECT_EQ(tickLabels(levels, {100}), (Labels{"\xE2\x88\x92"
                                               "4",
                                               "\xE2\x88\x92"
                                               "3",
                                               "\xE2\x88\x92"
                                               "2",
                                               "\xE2\x88\x92"
                                               "1",
                                               "0", "1", "2", "3", "4"}));
}

TEST(TicksTest, powersOfTen) {
  EXPECT_EQ(tickLabels({"", Scale::Log10}, {0.3, 7}), (Labels{"0.2", "0.5", "1", "2", "5", "10"}));
  EXPECT_EQ(tickLabels({"", Scale::Log10}, {0.02, 70}), (Labels{"0.1", "1", "10", "100"}));
  EXPECT_EQ(tickLabels({"", Scale::Log10}, {1}), (Labels{"0.5", "1", "2"}));
  EXPECT_EQ(tickLabels({"", Scale::Log10, Unit::Seconds}, {1e-5, 1}).size(), 6u);
  EXPECT_LE(tickLabels({"", Scale::Log10}, {1e-140, 1e140}).size(), 12u);
}

TEST(TicksTest, powersOfTwo) {
  EXPECT_EQ(tickLabels({"", Scale::Log2, Unit::Length}, {512, 4096}), (Labels{"512", "1k", "2k", "4k"}));
  EXPECT_LE(tickLabels({"", Scale::Log2, Unit::Length}, {1, 1e12}).size(), 11u);
}

TEST(TicksTest, positionsAreInTheRange) {
  for (Scale scale : {Scale::Linear, Scale::Log10, Scale::Log2}) {
    std::vector<double> values = {0.7, 3, 19, 450};
    AxisRange range({"", scale}, values);
    for (double value : values) {
      EXPECT_GT(range.position(value), 0);
      EXPECT_LT(range.position(value), 1);
    }
    EXPECT_LT(range.position(3), range.position(19));
  }
  AxisRange decades({"", Scale::Log10}, {1, 100});
  EXPECT_NEAR(decades.position(10), 0.5, 1e-12);
}

TEST(TicksTest, whatAScaleCannotShow) {
  AxisRange logarithmic({"", Scale::Log10}, {0, -1, NAN, INFINITY, 1e300, 1e-300, 10});
  EXPECT_NEAR(logarithmic.low(), 5, 1e-9);
  EXPECT_NEAR(logarithmic.high(), 20, 1e-9);
  for (double value : {0.0, -1.0, double(NAN), double(INFINITY), 1e300, 1e-300})
    EXPECT_FALSE(logarithmic.canShow(value)) << value;
  EXPECT_FALSE(AxisRange({"", Scale::Linear}, {}).ticks().empty());
  EXPECT_TRUE(AxisRange({"", Scale::Linear}, {}).canShow(0));
}

//===--- Geometry -------------------------------------------------------------------------------------------------===//

TEST(ClipTest, lines) {
  Position a = {-1, 0.5}, b = {2, 0.5};
  EXPECT_TRUE(clipLine(a, b));
  EXPECT_EQ(a.x, 0);
  EXPECT_EQ(b.x, 1);
  a = {0.2, 0.2}, b = {0.4, 0.6};
  EXPECT_TRUE(clipLine(a, b));
  EXPECT_EQ(b.y, 0.6);
  a = {-1, 0.1}, b = {0.5, 1.6};
  EXPECT_FALSE(clipLine(a, b)); // past the corner
  a = {0.5, 2}, b = {0.5, 3};
  EXPECT_FALSE(clipLine(a, b));
}

TEST(LabelsTest, noneOnAnother) {
  LabelPlacer placer({0, 0, 300, 200});
  std::vector<Box> boxes;
  for (int i = 0; i < 40; ++i)
    if (std::optional<Box> box = placer.place(150 + i % 3, 100 + i % 2, 60, 14))
      boxes.push_back(*box);
  EXPECT_GE(boxes.size(), 4u);
  EXPECT_LT(boxes.size(), 40u);
  for (size_t i = 0; i < boxes.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      EXPECT_FALSE(boxes[i].overlaps(boxes[j]));
  EXPECT_FALSE(placer.place(10, 10, 400, 14)); // wider than the area
}

TEST(LabelsTest, rows) {
  LabelPlacer placer({0, 0, 100, 100});
  EXPECT_EQ(placer.placeInRows(95, 2, 40, 15, 2)->x, 60);
  EXPECT_EQ(placer.placeInRows(95, 2, 40, 15, 2)->y, 17);
  EXPECT_FALSE(placer.placeInRows(95, 2, 40, 15, 2));
}

TEST(LabelsTest, spread) {
  EXPECT_EQ(spread({50, 10}, 10, 0, 100), (std::vector<double>{50, 10}));
  EXPECT_EQ(spread({50, 50, 50}, 10, 0, 100), (std::vector<double>{50, 60, 70}));
  EXPECT_EQ(spread({95, 100, 100}, 10, 0, 100), (std::vector<double>{80, 90, 100}));
}

//===--- SVG ------------------------------------------------------------------------------------------------------===//

static Chart exampleChart() {
  Chart chart;
  chart.id = "c";
  chart.title = "Title";
  chart.description = "Description";
  chart.x = {"length", Scale::Log2, Unit::Length};
  chart.y = {"time", Scale::Log10, Unit::Seconds};
  chart.series = {{"ours", {{512, 1e-3}, {1024, 2e-3}}}, {"theirs", {{512, 2e-3}, {1024, 9e-3}}}};
  chart.series[1].style = 1;
  return chart;
}

TEST(ChartTest, namesEverything) {
  std::string svg = toSvg(exampleChart());
  for (const char *part : {"<title id=\"c-t\">Title</title>", "<desc id=\"c-d\">Description</desc>",
                           "aria-labelledby=\"c-t c-d\"", ">length</text>", ">time</text>", ">ours</text>",
                           ">theirs</text>", ">512</text>", ">1k</text>", ">1 ms</text>"})
    EXPECT_NE(svg.find(part), svg.npos) << part;
  EXPECT_EQ(count(svg, "class=\"line "), 2u);
  EXPECT_EQ(count(svg, "class=\"mark "), 6u); // and one beside each name
}

TEST(ChartTest, seriesDifferWithoutColour) {
  std::set<std::string> dashes, marks;
  for (size_t style = 0; style < numStyles; ++style) {
    dashes.insert(dashesOf(style));
    marks.insert(markPath(style, 10, 10));
  }
  EXPECT_EQ(dashes.size(), numStyles);
  EXPECT_EQ(marks.size(), numStyles);
  EXPECT_EQ(count(toSvg(exampleChart()), "stroke-dasharray"), 1u); // the first is solid
}

TEST(ChartTest, escapes) {
  Chart chart = exampleChart();
  chart.title = chart.description = chart.x.title = chart.y.title = chart.series[0].name = "<b a=\"'&\x01";
  chart.series[0].points[0].label = "<i>";
  chart.crossings = {{600, "<u>"}};
  std::string svg = toSvg(chart);
  for (const char *part : {"<b", "<i>", "<u>", "\x01"})
    EXPECT_EQ(svg.find(part), svg.npos) << part;
  EXPECT_EQ(count(svg, "&lt;b a=&quot;&#39;&amp;\xEF\xBF\xBD"), 5u);
  EXPECT_EQ(count(svg, "&lt;i&gt;"), 1u);
  EXPECT_EQ(count(svg, "&lt;u&gt;"), 1u);
}

/// Every number in quotes or a path.
static void expectFinite(const std::string &svg) {
  for (const char *part : {"nan", "inf", "e+", "NAN", "INF"})
    EXPECT_EQ(svg.find(part), svg.npos) << svg;
}

TEST(ChartTest, onlyNumbersInCoordinates) {
  double largest = std::numeric_limits<double>::max(), tiny = std::numeric_limits<double>::denorm_min();
  for (double bad : {double(NAN), double(INFINITY), -double(INFINITY), -1.0, 0.0, largest, -largest, tiny}) {
    Chart chart = exampleChart();
    chart.series[0].points = {{bad, bad}, {512, bad}, {bad, 1e-3}, {700, 1e-3, "name", "1", bad}, {bad, 1}};
    chart.crossings = {{bad, "crossing"}};
    chart.baseLine = bad;
    chart.x.shown = {bad};
    std::string svg = toSvg(chart);
    expectFinite(svg);
    EXPECT_EQ(count(svg, "class=\"mark s0\""), 2u) << bad; // of (700, 1e-3), and beside the name
    EXPECT_EQ(count(svg, "class=\"line s0\""), 0u) << bad;
  }
  Chart empty = exampleChart();
  empty.series.clear();
  expectFinite(toSvg(empty));
}

TEST(ChartTest, cutsWhatIsOutside) {
  Chart chart = exampleChart();
  chart.x = {"x", Scale::Linear, Unit::Number, {0, 10}, true};
  chart.y = {"y", Scale::Linear, Unit::Number, {0, 10}, true};
  chart.series = {{"in and out", {{5, 5}, {20, 5}, {20, 8}, {5, 8}}}};
  std::string svg = toSvg(chart);
  EXPECT_EQ(count(svg, "class=\"line s0\""), 2u);
  EXPECT_EQ(count(svg, "class=\"mark s0\""), 3u); // the two inside, and beside the name
}

TEST(ChartTest, ticksKeepApart) {
  Chart chart = exampleChart();
  chart.x = {"x", Scale::Log10, Unit::Number, {1e-140, 1e140}};
  size_t ticks = tickLabels(chart.x, {}).size() + tickLabels(chart.y, {1e-3, 9e-3}).size();
  EXPECT_LT(count(toSvg(chart), "class=\"tick\""), ticks); // "1.00e-130" is too wide for one each
  chart.x.shown = {1e-5, 1e5};
  ticks = tickLabels(chart.x, {512, 1024}).size() + tickLabels(chart.y, {1e-3, 9e-3}).size();
  EXPECT_EQ(count(toSvg(chart), "class=\"tick\""), ticks);
}

TEST(ChartTest, limitsWords) {
  Chart chart = exampleChart();
  Series crowd = {"crowd", {}};
  for (int i = 0; i < 5000; ++i)
    crowd.points.push_back({512.0 * std::pow(2, i % 32), 1e-3 * std::pow(2, i / 32 % 24), "i", ""});
  crowd.hasLine = false;
  chart.series = {crowd};
  EXPECT_LE(count(toSvg(chart), "class=\"label\""), 201u);
  crowd.points = {{512, 1e-3, std::string(300, 'x'), ""}};
  chart.series = {crowd};
  EXPECT_EQ(toSvg(chart).find(std::string(30, 'x')), std::string::npos);
}
