// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What tells series apart without colour: dashes and the shape of marks.
#include "Chart.h"

#include <cmath>
#include <cstdio>

using namespace lacuna::score;

const char *lacuna::score::dashesOf(size_t style) {
  static constexpr const char *dashes[numStyles] = {"",     "8 4",         "2 3", "9 3 2 3",
                                                    "14 4", "5 2 1 2 1 2", "1 5", "16 3 4 3"};
  return dashes[style % numStyles];
}

namespace {
struct Offset {
  double x, y;
};
} // namespace

/// Corners by style; the first, a circle, has none.
static const std::vector<Offset> &cornersOf(size_t style) {
  static const std::vector<Offset> corners[numStyles] = {
      {},
      {{-4, -4}, {4, -4}, {4, 4}, {-4, 4}},
      {{0, -5.5}, {5, 4}, {-5, 4}},
      {{0, -6}, {6, 0}, {0, 6}, {-6, 0}},
      {{-2, -6}, {2, -6}, {2, -2}, {6, -2}, {6, 2}, {2, 2}, {2, 6}, {-2, 6}, {-2, 2}, {-6, 2}, {-6, -2}, {-2, -2}},
      {{0, 5.5}, {-5, -4}, {5, -4}},
      {{-6, -3}, {6, -3}, {6, 3}, {-6, 3}},
      {{0, -6}, {1.7, -1.7}, {6, 0}, {1.7, 1.7}, {0, 6}, {-1.7, 1.7}, {-6, 0}, {-1.7, -1.7}}};
  return corners[style % numStyles];
}

std::string lacuna::score::markPath(size_t style, double x, double y) {
  char text[96];
  if (style % numStyles == 0) {
    snprintf(text, sizeof(text), "M%.2f %.2fa4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", x - 4.5, y);
    return text;
  }
  std::string path;
  for (const Offset &corner : cornersOf(style)) {
    snprintf(text, sizeof(text), "%c%.2f %.2f", path.empty() ? 'M' : 'L', x + corner.x, y + corner.y);
    path += text;
  }
  return path + "z";
}
