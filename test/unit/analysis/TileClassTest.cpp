// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Property tests of the mask analysis on random masks: the class of a box against its pairs, walks along both axes against brute force.
//
// LACUNA_SEED chooses the seed (it is printed), LACUNA_CASES the number of (mask, box) cases.
#include "test/unit/analysis/BoxChecks.h"
#include "test/unit/analysis/RandomMasks.h"
#include "tools/lacuna-mask/MaskStatistics.h"

#include <chrono>
#include <cstring>
#include <iostream>

using namespace lacuna;
using namespace lacuna::test;

namespace {

std::vector<std::string> randomSources(Random &random, MaskFamily family, int64_t count) {
  std::vector<std::string> sources;
  for (int64_t i = 0; i < count; ++i)
    sources.push_back(randomMaskFunction(random, "m" + std::to_string(i), family));
  return sources;
}

ProbeBox randomBox(Random &random, int64_t queries, int64_t keys) {
  auto side = [&](int64_t length, int64_t &begin, int64_t &end) {
    int64_t tile = chance(random, 50) ? 16 : pick(random, 1, 40);
    begin = chance(random, 50) ? pick(random, 0, (length - 1) / tile) * tile : pick(random, 0, length - 1);
    end = std::min(length, begin + tile);
  };
  ProbeBox box;
  side(queries, box.q0, box.q1);
  side(keys, box.k0, box.k1);
  return box;
}

/// The setting of a failing case: sizes, scalar arguments, source.
std::string describe(const std::vector<ProbeArgumentValue> &arguments, int64_t queries, int64_t keys, const std::string &source) {
  std::string text = "sizes " + std::to_string(queries) + " x " + std::to_string(keys) + ", scalars";
  for (const ProbeArgumentValue &argument : arguments) {
    int64_t wide = 0;
    int32_t narrow = 0;
    if (argument.isTensor)
      continue;
    bool isWide = argument.bytes.size() == sizeof(wide);
    std::memcpy(isWide ? static_cast<void *>(&wide) : &narrow, argument.bytes.data(), argument.bytes.size());
    text += " " + std::to_string(isWide ? wide : narrow);
  }
  return text + "\n" + source;
}

/// Boxes of every mask of a compiled batch, at several sizes and arguments.
void checkBatch(Random &random, const MaskProbe &probe, const std::vector<std::string> &sources, bool mayDoubt, Counts &counts) {
  constexpr int kSettings = 5, kBoxes = 10;
  for (size_t i = 0; i < sources.size(); ++i) {
    auto function = probe.find("m" + std::to_string(i), 0);
    ASSERT_TRUE(function) << sources[i];
    for (int setting = 0; setting < kSettings; ++setting) {
      int64_t queries = pick(random, 1, 200), keys = pick(random, 1, 200);
      std::vector<ProbeArgumentValue> arguments = randomArguments(random, queries, keys);
      BoundProbe bound(function, arguments, pick(random, 0, 2), pick(random, 0, 3), queries, keys);
      for (int n = 0; n < kBoxes; ++n)
        checkBox(bound, randomBox(random, queries, keys), counts, mayDoubt, [&] { return describe(arguments, queries, keys, sources[i]); });
    }
  }
}

/// Runs batches of a family until `cases` boxes are checked; `rows` decides masks of intervals row by row, where no doubt is left.
Counts checkFamily(llvm::function_ref<std::unique_ptr<MaskProbe>(Random &, std::vector<std::string> &)> make, bool mayDoubt, int64_t cases,
                   const char *what) {
  auto start = std::chrono::steady_clock::now();
  Random random(seed());
  Counts counts;
  while (counts.cases < cases && counts.wrong == 0 && !::testing::Test::HasFatalFailure()) {
    std::vector<std::string> sources;
    std::unique_ptr<MaskProbe> probe = make(random, sources);
    if (!probe) {
      ADD_FAILURE() << "random masks do not compile";
      break;
    }
    checkBatch(random, *probe, sources, mayDoubt, counts);
  }
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::cout << what << ": seed " << seed() << ", " << counts.cases << " cases in " << seconds << " s, " << counts.uniform << " uniform, of these "
            << counts.share() << " % called partial\n";
  return counts;
}

constexpr int64_t kBatch = 100;

int64_t cases() { return setting("LACUNA_CASES", 100000); }

TEST_F(TileClass, IntervalsByRowsAreExact) {
  Counts counts = checkFamily(
      [&](Random &random, std::vector<std::string> &sources) {
        return compile(sources = randomSources(random, MaskFamily::Intervals, kBatch), /*rows=*/true);
      },
      /*mayDoubt=*/false, cases() / 4, "intervals, row by row");
  EXPECT_EQ(counts.wrong, 0);
}

TEST_F(TileClass, IntervalTwinIsSound) {
  Counts counts = checkFamily(
      [&](Random &random, std::vector<std::string> &sources) {
        return compile(sources = randomSources(random, MaskFamily::Intervals, kBatch), /*rows=*/false);
      },
      /*mayDoubt=*/true, cases() / 4, "intervals, twin");
  EXPECT_EQ(counts.wrong, 0);
}

TEST_F(TileClass, PredicateTwinIsSoundAndSharp) {
  Counts counts = checkFamily(
      [&](Random &random, std::vector<std::string> &sources) {
        return compile(sources = randomSources(random, MaskFamily::Predicates, kBatch), /*rows=*/false);
      },
      /*mayDoubt=*/true, cases() / 4, "predicates");
  EXPECT_EQ(counts.wrong, 0);
  EXPECT_LE(counts.share(), 15.0);
}

TEST_F(TileClass, MixedTwinIsSound) {
  Counts counts = checkFamily(
      [&](Random &random, std::vector<std::string> &sources) {
        return compile(sources = randomSources(random, MaskFamily::Mixed, kBatch), /*rows=*/true);
      },
      /*mayDoubt=*/true, cases() / 4, "all atoms");
  EXPECT_EQ(counts.wrong, 0);
}

/// Boxes in tiles that begin at multiples of their size: numbers of larger blocks are one, and places in them are counted from the tile.
TEST_F(TileClass, TilesInOneBlockAreSound) {
  constexpr int64_t kTile = 4, kSize = 64, kBoxes = 20;
  Random random(seed());
  Counts counts;
  while (counts.cases < cases() / 4 && counts.wrong == 0) {
    std::vector<std::string> sources = randomSources(random, MaskFamily::Predicates, kBatch);
    std::unique_ptr<MaskProbe> probe = compile(sources, /*rows=*/false, kTile);
    ASSERT_TRUE(probe);
    for (size_t i = 0; i < sources.size(); ++i) {
      std::vector<ProbeArgumentValue> arguments = randomArguments(random, kSize, kSize);
      BoundProbe bound(probe->find("m" + std::to_string(i), 0), arguments, pick(random, 0, 2), pick(random, 0, 3), kSize, kSize);
      auto side = [&](int64_t &begin, int64_t &end) {
        begin = pick(random, 0, kSize - 1), end = pick(random, begin + 1, begin / kTile * kTile + kTile);
      };
      for (int64_t n = 0; n < kBoxes; ++n) {
        ProbeBox box;
        side(box.q0, box.q1), side(box.k0, box.k1);
        checkBox(bound, box, counts, /*mayDoubt=*/true, [&] { return describe(arguments, kSize, kSize, sources[i]); });
      }
    }
  }
  EXPECT_EQ(counts.wrong, 0);
  EXPECT_LE(counts.share(), 8.0);
}

/// Ends that are rounded and scaled positions: relations between a quotient and what it divides.
TEST_F(TileClass, ChunksAreSound) {
  Counts counts = checkFamily(
      [&](Random &random, std::vector<std::string> &sources) {
        return compile(sources = randomSources(random, MaskFamily::Chunks, kBatch), /*rows=*/false);
      },
      /*mayDoubt=*/true, cases() / 10, "chunks, twin");
  EXPECT_EQ(counts.wrong, 0);
}

/// Classes of blocks, and the hulls that a walk gives their terms: a box outside of all hulls counts as empty.
TEST_F(TileClass, BlocksAndTheirHullsAreSound) {
  Counts counts = checkFamily(
      [&](Random &random, std::vector<std::string> &sources) {
        return compile(sources = randomSources(random, MaskFamily::Blocks, kBatch), /*rows=*/true);
      },
      /*mayDoubt=*/true, cases() / 10, "blocks of intervals");
  EXPECT_EQ(counts.wrong, 0);
  EXPECT_LE(counts.share(), 1.0);
}

/// The statistics of one mask by its pairs alone.
MaskStatistics bruteForce(BoundProbe &probe, const MaskSize &size) {
  std::vector<int8_t> bits(size.queries * size.keys);
  probe.bits({0, size.queries, 0, size.keys}, bits.data(), size.keys);
  auto at = [&](int64_t q, int64_t k) { return bits[q * size.keys + k] != 0; };
  MaskStatistics result;
  for (int64_t q = 0; q < size.queries; ++q) {
    int64_t runs = 0;
    for (int64_t k = 0; k < size.keys; ++k)
      runs += at(q, k) && (k == 0 || !at(q, k - 1)), result.attended += at(q, k);
    result.rowRuns = std::max(result.rowRuns, runs);
  }
  for (int64_t k = 0; k < size.keys; ++k) {
    int64_t runs = 0;
    for (int64_t q = 0; q < size.queries; ++q)
      runs += at(q, k) && (q == 0 || !at(q - 1, k));
    result.columnRuns = std::max(result.columnRuns, runs);
  }
  for (int64_t q0 = 0; q0 < size.queries; q0 += size.tileM)
    for (int64_t k0 = 0; k0 < size.keys; k0 += size.tileN) {
      int64_t attended = 0, area = 0;
      for (int64_t q = q0; q < std::min(size.queries, q0 + size.tileM); ++q)
        for (int64_t k = k0; k < std::min(size.keys, k0 + size.tileN); ++k)
          attended += at(q, k), ++area;
      (attended == 0 ? result.empty : attended == area ? result.full : result.partial) += 1;
    }
  return result;
}

TEST_F(TileClass, WalksAlongBothAxesAgreeWithThePairs) {
  Random random(seed() + 1);
  for (MaskFamily family : {MaskFamily::Intervals, MaskFamily::Predicates, MaskFamily::Mixed}) {
    std::vector<std::string> sources = randomSources(random, family, kBatch);
    std::unique_ptr<MaskProbe> probe = compile(sources, /*rows=*/true);
    ASSERT_TRUE(probe);
    for (size_t i = 0; i < sources.size(); ++i) {
      MaskSize size{pick(random, 0, 90), pick(random, 0, 90), pick(random, 1, 20), pick(random, 1, 20)};
      BoundProbe bound(probe->find("m" + std::to_string(i), 0), randomArguments(random, size.queries, size.keys), 0, 1, size.queries, size.keys);
      MaskStatistics expected = bruteForce(bound, size);
      for (WalkAxis axis : {WalkAxis::Keys, WalkAxis::Queries}) {
        MaskStatistics found = collectStatistics(bound, size, axis);
        auto fields = [](const MaskStatistics &s) {
          return std::vector<int64_t>{s.attended, s.full, s.partial, s.empty, s.rowRuns, s.columnRuns};
        };
        ASSERT_EQ(fields(found), fields(expected)) << size.queries << " x " << size.keys << ", seed " << seed() << "\n" << sources[i];
      }
    }
  }
}

} // namespace
