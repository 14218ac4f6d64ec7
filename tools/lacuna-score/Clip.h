// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lines end at the frame of a plot.
#ifndef LACUNA_TOOLS_SCORE_CLIP_H
#define LACUNA_TOOLS_SCORE_CLIP_H

namespace lacuna::score {

struct Position {
  double x, y;
};

/// Shortens a line to its part within the unit square; false if there is none.
bool clipLine(Position &a, Position &b);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_CLIP_H
