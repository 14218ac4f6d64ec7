// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Piece k ends at the item where the running weight reaches k/n of the total.
#include "runtime/WorkSplit.h"

#include <algorithm>

using namespace lacuna::runtime;

/// total * k / n without overflow.
static int64_t share(int64_t total, int64_t k, int64_t n) { return total / n * k + total % n * k / n; }

std::vector<int64_t> lacuna::runtime::splitByWeight(const std::vector<int64_t> &prefix, int64_t maxChunks) {
  int64_t items = int64_t(prefix.size()) - 1;
  int64_t chunks = std::clamp<int64_t>(maxChunks, 1, std::max<int64_t>(items, 1));
  std::vector<int64_t> boundaries = {0};
  for (int64_t k = 1; k <= chunks && boundaries.back() < items; ++k) {
    auto end = std::lower_bound(prefix.begin(), prefix.end(), share(prefix.back(), k, chunks));
    // A heavy item may swallow several shares: skip those that would be empty.
    if (int64_t boundary = end - prefix.begin(); boundary > boundaries.back())
      boundaries.push_back(boundary);
  }
  return boundaries;
}

std::vector<int64_t> lacuna::runtime::splitEvenly(int64_t items, int64_t maxChunks) {
  int64_t chunks = std::clamp<int64_t>(maxChunks, 1, std::max<int64_t>(items, 1));
  std::vector<int64_t> boundaries = {0};
  for (int64_t k = 1; k <= chunks && items > 0; ++k)
    boundaries.push_back(share(items, k, chunks));
  return boundaries;
}
