// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Axes: from values to a range that shows them all, its ticks, and where in the range a value lies.
#ifndef LACUNA_TOOLS_SCORE_TICKS_H
#define LACUNA_TOOLS_SCORE_TICKS_H

#include <optional>
#include <string>
#include <vector>

namespace lacuna::score {

enum class Scale { Linear, Log10, Log2 };
enum class Unit { Number, Level, Seconds, Times, Percent, Length };

struct Axis {
  std::string title;
  Scale scale = Scale::Linear;
  Unit unit = Unit::Number;
  /// The range has these in it, and with `exact` nothing else: what lies outside is cut off.
  std::vector<double> shown = {};
  bool exact = false;
};

struct Tick {
  double value;
  std::string label;
};

/// An axis with the values known.
class AxisRange {
public:
  /// Of the values, those that the scale cannot show are passed over.
  AxisRange(const Axis &axis, const std::vector<double> &values);

  /// Finite, and above 0 on a logarithmic scale.
  bool canShow(double value) const;
  /// 0 at the low end, 1 at the high end, outside if outside; of values that canShow.
  double position(double value) const;
  double low() const { return from; }
  double high() const { return to; }
  /// At most about ten, ascending, inside the range.
  std::vector<Tick> ticks() const;

private:
  void widen();
  std::vector<double> tickValues() const;
  std::vector<double> logTicks(double base) const;
  std::string label(double value) const;

  Scale scale;
  Unit unit;
  double from = 0, to = 1;
};

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_TICKS_H
