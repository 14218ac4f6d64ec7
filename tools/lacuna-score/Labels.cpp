// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Labels.h"

#include <algorithm>
#include <numeric>
#include <utility>

using namespace lacuna::score;

bool LabelPlacer::take(const Box &box) {
  if (!area.contains(box))
    return false;
  for (const Box &other : taken)
    if (box.overlaps(other))
      return false;
  taken.push_back(box);
  return true;
}

std::optional<Box> LabelPlacer::place(double x, double y, double width, double height) {
  for (double gap : {9.0, 16.0}) {
    const Box candidates[] = {{x + gap, y - height / 2, width, height},
                              {x - gap - width, y - height / 2, width, height},
                              {x - width / 2, y - gap - height, width, height},
                              {x - width / 2, y + gap, width, height},
                              {x + gap, y - gap - height / 2, width, height},
                              {x + gap, y + gap - height / 2, width, height},
                              {x - gap - width, y - gap - height / 2, width, height},
                              {x - gap - width, y + gap - height / 2, width, height}};
    for (const Box &box : candidates)
      if (take(box))
        return box;
  }
  return std::nullopt;
}

std::optional<Box> LabelPlacer::placeInRows(double x, double y, double width, double height, int rows) {
  double left = std::max(area.x, std::min(x - width / 2, area.x + area.width - width));
  for (int row = 0; row < rows; ++row)
    if (Box box = {left, y + row * height, width, height}; take(box))
      return box;
  return std::nullopt;
}

std::vector<double> lacuna::score::spread(std::vector<double> wanted, double distance, double low, double high) {
  std::vector<size_t> order(wanted.size());
  std::iota(order.begin(), order.end(), size_t(0));
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return std::make_pair(wanted[a], a) < std::make_pair(wanted[b], b); });
  double next = low;
  for (size_t i : order) {
    wanted[i] = std::max(wanted[i], next);
    next = wanted[i] + distance;
  }
  double last = high;
  for (auto it = order.rbegin(); it != order.rend(); ++it) {
    wanted[*it] = std::min(wanted[*it], last);
    last = wanted[*it] - distance;
  }
  return wanted;
}
