// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/WorkSplit.h"
#include "runtime/TileCost.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace lacuna::runtime;

static std::vector<int64_t> prefixSums(const std::vector<int64_t> &weights) {
  std::vector<int64_t> prefix = {0};
  for (int64_t weight : weights)
    prefix.push_back(prefix.back() + weight);
  return prefix;
}

/// Every item in exactly one non-empty piece.
static void expectPartition(const std::vector<int64_t> &boundaries, int64_t items, int64_t maxChunks) {
  ASSERT_FALSE(boundaries.empty());
  EXPECT_EQ(boundaries.front(), 0);
  EXPECT_EQ(boundaries.back(), items);
  EXPECT_LE(int64_t(boundaries.size()) - 1, maxChunks);
  for (size_t i = 1; i < boundaries.size(); ++i)
    EXPECT_LT(boundaries[i - 1], boundaries[i]);
}

TEST(WorkSplitTest, everyItemIsInOnePiece) {
  for (int64_t items : {0, 1, 2, 3, 17, 64, 1000})
    for (int64_t chunks : {1, 2, 3, 16, 999, 5000}) {
      expectPartition(splitEvenly(items, chunks), items, chunks);
      std::vector<int64_t> weights;
      for (int64_t i = 0; i < items; ++i)
        weights.push_back(itemWeight(i * i * 7919 % 101));
      expectPartition(splitByWeight(prefixSums(weights), chunks), items, chunks);
    }
}

TEST(WorkSplitTest, piecesWeighAboutTheSame) {
  // Causal: item i visits i tiles. By item count the last of 16 pieces would weigh about 31 times the first.
  std::vector<int64_t> weights;
  for (int64_t i = 0; i < 1024; ++i)
    weights.push_back(itemWeight(i));
  std::vector<int64_t> prefix = prefixSums(weights), boundaries = splitByWeight(prefix, 16);
  ASSERT_EQ(boundaries.size(), 17u);
  for (size_t i = 1; i < boundaries.size(); ++i) {
    int64_t weight = prefix[size_t(boundaries[i])] - prefix[size_t(boundaries[i - 1])];
    EXPECT_LE(std::abs(weight - prefix.back() / 16), weights.back());
  }
}

TEST(WorkSplitTest, aHeavyItemStandsAlone) {
  EXPECT_EQ(splitByWeight(prefixSums({1, 1, 1000, 1, 1}), 4), (std::vector<int64_t>{0, 3, 5}));
  EXPECT_EQ(splitByWeight(prefixSums({1000, 1, 1}), 3), (std::vector<int64_t>{0, 1, 3}));
}

TEST(WorkSplitTest, hugeWeightsDoNotOverflow) {
  int64_t quarter = INT64_MAX / 4;
  EXPECT_EQ(splitByWeight({0, quarter, 2 * quarter, 3 * quarter, 4 * quarter}, 4),
            (std::vector<int64_t>{0, 1, 2, 3, 4}));
  expectPartition(splitEvenly(INT64_MAX, 1000), INT64_MAX, 1000);
}

TEST(WorkSplitTest, itemsWithoutTilesStillWeigh) {
  EXPECT_GT(itemWeight(0), 0);
  EXPECT_EQ(itemWeight(-3), itemWeight(0));
  EXPECT_GT(itemWeight(1), itemWeight(0));
}

TEST(TileCostTest, unknownTotalStaysUnknown) {
  Executor executor(1, nullptr, nullptr);
  lacunaTileCounts counts = {};
  // Item 3 of 5 does not say how many tiles there are.
  CostFunction cost = [](const void *, int64_t item, int64_t *tiles) {
    tiles[0] = item;
    if (item != 3)
      tiles[2] = 10;
  };
  std::vector<int64_t> prefix;
  ASSERT_TRUE(addTileCosts(cost, nullptr, 5, executor, counts, &prefix).ok());
  EXPECT_EQ(counts.full, 10);
  EXPECT_EQ(counts.partial, 0);
  EXPECT_EQ(counts.total, -1);
  EXPECT_EQ(prefix, prefixSums({itemWeight(0), itemWeight(1), itemWeight(2), itemWeight(3), itemWeight(4)}));
  // Nor does a later launch that does know make the sum known.
  CostFunction known = [](const void *, int64_t, int64_t *tiles) { tiles[2] = 10; };
  ASSERT_TRUE(addTileCosts(known, nullptr, 5, executor, counts, nullptr).ok());
  EXPECT_EQ(counts.total, -1);
}
