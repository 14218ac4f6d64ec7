// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scored curves as JSON for programs (keys are a contract, schema_version 1) and as text for people. Every score says
// its p, b and interpretation: without them it means nothing.
#ifndef LACUNA_TOOLS_SCORE_SCOREREPORT_H
#define LACUNA_TOOLS_SCORE_SCOREREPORT_H

#include "Curve.h"
#include "Score.h"

namespace lacuna::score {

struct ScoredCurve {
  Curve curve;
  ScoreOptions options;
  Score score;
};

/// One curve as an object, several as {"curves": [...]}; and a newline. What is undefined is null.
std::string toJson(const std::vector<ScoredCurve> &curves);
std::string toText(const ScoredCurve &curve);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_SCOREREPORT_H
