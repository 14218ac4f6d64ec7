// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the words of a chart go, so that none lies on another. Boxes only; no SVG.
#ifndef LACUNA_TOOLS_SCORE_LABELS_H
#define LACUNA_TOOLS_SCORE_LABELS_H

#include <optional>
#include <vector>

namespace lacuna::score {

struct Box {
  double x, y, width, height; ///< x and y of the upper left corner

  bool overlaps(const Box &other) const {
    return x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height;
  }
  bool contains(const Box &other) const {
    return other.x >= x && other.y >= y && other.x + other.width <= x + width && other.y + other.height <= y + height;
  }
};

/// Boxes that were given away.
class LabelPlacer {
public:
  explicit LabelPlacer(const Box &area) : area(area) {}
  void block(const Box &box) { taken.push_back(box); }
  /// A free box of this size beside a point, which it then takes; nothing if there is none.
  std::optional<Box> place(double x, double y, double width, double height);
  /// A free box centred at x (moved into the area), in the first row from y downwards that has room.
  std::optional<Box> placeInRows(double x, double y, double width, double height, int rows);

private:
  bool take(const Box &box);

  Box area;
  std::vector<Box> taken;
};

/// Moves heights apart until they are `distance` from each other, within low .. high as far as they fit; the order
/// stays.
std::vector<double> spread(std::vector<double> wanted, double distance, double low, double high);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_LABELS_H
