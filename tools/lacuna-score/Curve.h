// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is scored as one: the samples of a log, or of one baseline of a lacuna-bench result.
#ifndef LACUNA_TOOLS_SCORE_CURVE_H
#define LACUNA_TOOLS_SCORE_CURVE_H

#include "Notes.h"
#include "Sample.h"

namespace lacuna::score {

struct Curve {
  std::string name;
  std::vector<Sample> samples;
  std::vector<Note> notes; ///< of the whole file that it came from
};

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_CURVE_H
