// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Tolerance.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>

using namespace lacuna::score;

namespace {
/// atol = 10^(atolSlope * t / 5), rtol = 10^(rtolSlope * t / 5): at t = -5 the defaults are 10^-slope.
struct Row {
  const char *dtype;
  double atolSlope, rtolSlope;
};
constexpr Row rows[numFormulas] = {{"float16", 5, 3}, {"bfloat16", 5, 1.796}, {"float32", 5, 5.886}, {"float64", 7, 7}};
} // namespace

static std::string threeDigits(double slope, int t) {
  char text[32];
  snprintf(text, sizeof(text), "%.2E", std::pow(10.0, slope * t / 5));
  return text;
}

std::optional<Formula> lacuna::score::formulaOf(std::string_view dtype) {
  for (size_t i = 0; i < numFormulas; ++i)
    if (dtype == rows[i].dtype)
      return Formula(i);
  return std::nullopt;
}

Tolerance lacuna::score::toleranceOf(Formula formula, int t) {
  const Row &row = rows[size_t(formula)];
  return {std::strtod(threeDigits(row.atolSlope, t).c_str(), nullptr),
          std::strtod(threeDigits(row.rtolSlope, t).c_str(), nullptr)};
}

std::string lacuna::score::allCloseKey(Formula formula, int t) {
  const Row &row = rows[size_t(formula)];
  return "all_close_atol_" + threeDigits(row.atolSlope, t) + "_rtol_" + threeDigits(row.rtolSlope, t);
}

static std::map<std::string, std::vector<Cell>, std::less<>> makeCells() {
  std::map<std::string, std::vector<Cell>, std::less<>> cells;
  for (int t = minLevel; t <= maxLevel; ++t)
    for (size_t i = 0; i < numFormulas; ++i)
      cells[allCloseKey(Formula(i), t)].push_back({Formula(i), t});
  return cells;
}

const std::vector<Cell> &lacuna::score::cellsOf(std::string_view allCloseKey) {
  static const auto cells = makeCells();
  static const std::vector<Cell> none;
  auto found = cells.find(allCloseKey);
  return found == cells.end() ? none : found->second;
}
