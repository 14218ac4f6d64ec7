// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums are of integers, so their order does not matter and threads may add as they finish.
#include "runtime/TileCost.h"

#include "runtime/WorkSplit.h"

#include <algorithm>

using namespace lacuna::runtime;

/// Items one task asks about; fewer than that are not worth a second thread.
constexpr int64_t itemsPerTask = 512;

Status lacuna::runtime::addTileCosts(CostFunction cost, const void *params, int64_t items, const Executor &executor,
                                     lacunaTileCounts &counts, std::vector<int64_t> *prefix) {
  if (prefix)
    prefix->assign(size_t(items) + 1, 0);
  ++counts.counted_launches;
  std::mutex mutex;
  auto task = [&](int64_t number) {
    int64_t full = 0, partial = 0, total = 0;
    bool totalKnown = true;
    for (int64_t item = number * itemsPerTask, end = std::min(items, item + itemsPerTask); item < end; ++item) {
      int64_t tiles[3] = {0, 0, -1};
      cost(params, item, tiles);
      full += tiles[0];
      partial += tiles[1];
      total += tiles[2];
      totalKnown &= tiles[2] >= 0;
      if (prefix)
        (*prefix)[size_t(item) + 1] = itemWeight(tiles[0] + tiles[1]);
    }
    std::lock_guard<std::mutex> lock(mutex);
    counts.full += full;
    counts.partial += partial;
    counts.total = totalKnown && counts.total >= 0 ? counts.total + total : -1;
  };
  Status status = executor.parallelFor((items + itemsPerTask - 1) / itemsPerTask, task);
  for (int64_t i = 0; prefix && i < items; ++i)
    (*prefix)[size_t(i) + 1] += (*prefix)[size_t(i)];
  return status;
}
