// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// GraphNet's tolerance levels: four formulas, t = -10 .. 5, log-linear through the defaults of torch.testing at t = -5
// and (1, 1) at t = 0. Numbers are those that a log's keys show, which have three significant digits.
#ifndef LACUNA_TOOLS_SCORE_TOLERANCE_H
#define LACUNA_TOOLS_SCORE_TOLERANCE_H

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lacuna::score {

constexpr int minLevel = -10, maxLevel = 5;
constexpr size_t numLevels = maxLevel - minLevel + 1;

enum class Formula { Float16, BFloat16, Float32, Float64 };
constexpr size_t numFormulas = 4;

/// The formula of a dtype by its name in torch; none for types that have to be equal (integers, bool, anything else).
std::optional<Formula> formulaOf(std::string_view dtype);

/// |compiled - eager| <= atol + rtol * |eager|.
struct Tolerance {
  double atol, rtol;
};
Tolerance toleranceOf(Formula formula, int t);

/// "all_close_atol_1.00E-05_rtol_1.30E-06".
std::string allCloseKey(Formula formula, int t);

/// What a key speaks of: one cell of the table, all four formulas for the one at t = 0, nothing for an unknown key.
struct Cell {
  Formula formula;
  int t;
};
const std::vector<Cell> &cellsOf(std::string_view allCloseKey);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_TOLERANCE_H
