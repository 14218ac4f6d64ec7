// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cuts a launch's work items into pieces of about equal cost. Pure: no threads, no clocks; which piece an item lands in
// never changes what the item computes.
#ifndef LACUNA_RUNTIME_WORKSPLIT_H
#define LACUNA_RUNTIME_WORKSPLIT_H

#include <cstdint>
#include <vector>

namespace lacuna::runtime {

/// What an item costs next to its tiles (prologue, epilogue), so that empty items are not free.
constexpr int64_t weightOfTile = 2, weightOfItem = 1;

/// Weight of an item that visits `tiles` tiles.
inline int64_t itemWeight(int64_t tiles) { return weightOfItem + weightOfTile * (tiles < 0 ? 0 : tiles); }

/// Boundaries b[0] = 0 < … < b[n] = items of at most `maxChunks` pieces. `prefix[i]` is the weight of the first i items
/// (items + 1 of them, strictly increasing).
std::vector<int64_t> splitByWeight(const std::vector<int64_t> &prefix, int64_t maxChunks);

/// The same for items of equal weight.
std::vector<int64_t> splitEvenly(int64_t items, int64_t maxChunks);

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_WORKSPLIT_H
