// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Clip.h"

#include <algorithm>

using namespace lacuna::score;

bool lacuna::score::clipLine(Position &a, Position &b) {
  double first = 0, last = 1, dx = b.x - a.x, dy = b.y - a.y;
  const double directions[] = {-dx, dx, -dy, dy}, distances[] = {a.x, 1 - a.x, a.y, 1 - a.y};
  for (int side = 0; side < 4; ++side) {
    if (directions[side] == 0) {
      if (distances[side] < 0)
        return false;
      continue;
    }
    double t = distances[side] / directions[side];
    (directions[side] < 0 ? first : last) = directions[side] < 0 ? std::max(first, t) : std::min(last, t);
  }
  if (first > last)
    return false;
  Position start = a;
  a = {start.x + first * dx, start.y + first * dy};
  b = {start.x + last * dx, start.y + last * dy};
  return true;
}
