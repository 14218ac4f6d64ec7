// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Entries of a result that are the same but for their length, and where ours overtakes a baseline.
#ifndef LACUNA_TOOLS_SCORE_FAMILIES_H
#define LACUNA_TOOLS_SCORE_FAMILIES_H

#include "BenchFacts.h"

namespace lacuna::score {

struct Family {
  struct Member {
    double length;
    const EntryFacts *entry;
  };
  std::string name;
  std::vector<Member> members; ///< by length, each once, at least two
};

/// By the keys `family` and `length`; without them by the name, if it has the length as a word of its own ("causal
/// 512", "causal 8k") and an argument has such a dimension. In the order of the first member.
std::vector<Family> groupFamilies(const std::vector<EntryFacts> &entries);

struct Crossover {
  double length;     ///< between two measured ones, where the lines in a plot with two logarithmic axes cross
  bool isFasterFrom; ///< ours is the faster one from here on; else up to here
};

struct Duel {
  size_t count = 0, wins = 0; ///< lengths at which both were measured, at which ours was faster
  std::vector<Crossover> crossovers;
};
Duel compareAlong(const Family &family, const std::string &baseline);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_FAMILIES_H
