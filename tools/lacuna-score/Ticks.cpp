// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Ticks.h"
#include "Text.h"

#include <algorithm>
#include <cmath>

using namespace lacuna::score;

// Beyond these a plot shows nothing, and differences leave the range of a double.
static constexpr double smallest = 1e-150, largest = 1e150;

bool AxisRange::canShow(double value) const {
  double size = std::abs(value);
  bool isUsual = std::isfinite(value) && size <= largest && (value == 0 || size >= smallest);
  return isUsual && (scale == Scale::Linear || value > 0);
}

AxisRange::AxisRange(const Axis &axis, const std::vector<double> &values) : scale(axis.scale), unit(axis.unit) {
  std::vector<double> all = axis.shown;
  if (!axis.exact || all.empty())
    all.insert(all.end(), values.begin(), values.end());
  all.erase(std::remove_if(all.begin(), all.end(), [&](double value) { return !canShow(value); }), all.end());
  if (all.empty())
    all = {1};
  from = *std::min_element(all.begin(), all.end());
  to = *std::max_element(all.begin(), all.end());
  if (!axis.exact || from == to)
    widen();
}

/// 1, 2 or 5 times a power of ten: the largest that is not above.
static double stepBelow(double value) {
  double power = std::pow(10, std::floor(std::log10(value) + 1e-9));
  return power * (value >= 5 * power * (1 - 1e-9) ? 5 : value >= 2 * power * (1 - 1e-9) ? 2 : 1);
}

static double stepAbove(double value) {
  double below = stepBelow(value);
  if (below >= value * (1 - 1e-9))
    return below;
  return stepBelow(below * 2.5 * (1 + 1e-9)); // 1 -> 2, 2 -> 5, 5 -> 10
}

/// Ends where a tick is; lengths get a little room instead, since their ticks are where values are.
void AxisRange::widen() {
  if (scale == Scale::Log2) {
    from /= 1.25;
    to *= 1.25;
  } else if (scale == Scale::Log10) {
    from = stepBelow(from);
    to = stepAbove(to);
    if (from >= to * (1 - 1e-9))
      to = stepAbove(to * 1.5), from = stepBelow(from / 1.5);
  } else {
    if (from == to)
      from -= 1, to += 1;
    double step = stepAbove((to - from) / 8);
    from = std::floor(from / step + 1e-9) * step;
    to = std::ceil(to / step - 1e-9) * step;
  }
}

double AxisRange::position(double value) const {
  if (scale == Scale::Linear)
    return (value - from) / (to - from);
  return (std::log(value) - std::log(from)) / (std::log(to) - std::log(from));
}

/// Powers of the base, thinned if there are many; with 2 and 5 between few powers of ten.
std::vector<double> AxisRange::logTicks(double base) const {
  std::vector<double> values;
  double low = std::log(from) / std::log(base), high = std::log(to) / std::log(base);
  double step = std::max(1.0, std::ceil((high - low) / 9));
  bool between = base == 10 && high - low <= 2.7;
  for (double e = std::floor(low / step) * step; e <= high + 1e-9; e += step)
    for (double factor : {1, 2, 5})
      if (factor == 1 || between)
        values.push_back(factor * std::pow(base, e));
  return values;
}

std::vector<double> AxisRange::tickValues() const {
  if (scale != Scale::Linear)
    return logTicks(scale == Scale::Log2 ? 2 : 10);
  std::vector<double> values;
  double step = stepAbove((to - from) / 8);
  if (unit == Unit::Level)
    step = to - from > 32 ? std::ceil(step) : to - from > 9 ? 2 : 1;
  for (double i = std::ceil(from / step - 1e-9); i <= to / step + 1e-9 && values.size() < 64; ++i)
    values.push_back(i * step + 0.0); // no negative zero
  return values;
}

std::string AxisRange::label(double value) const {
  switch (unit) {
  case Unit::Level:
    return formatLevel(int(value));
  case Unit::Seconds:
    return formatSeconds(value);
  case Unit::Times:
    return formatTimes(value);
  case Unit::Percent:
    return formatPercent(value);
  case Unit::Length:
    return formatLength(value);
  case Unit::Number:
    break;
  }
  return formatNumber(value);
}

std::vector<Tick> AxisRange::ticks() const {
  std::vector<Tick> result;
  for (double value : tickValues())
    if (canShow(value) && position(value) > -1e-6 && position(value) < 1 + 1e-6)
      result.push_back({value, label(value)});
  return result;
}
