// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Property tests of the mask analysis on random masks: the class of a box against its pairs, walks along both axes against brute force.
//
// LACUNA_SEED chooses the seed (it is printed), LACUNA_CASES the number of (mask, box) cases.
#include "test/unit/analysis/RandomMasks.h"
#include "tools/lacuna-mask/MaskStatistics.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iostream>

using namespace lacuna;
using namespace lacuna::test;

namespace {

int64_t setting(const char *name, int64_t otherwise) {
  const char *text = std::getenv(name);
  return text ? std::strtoll(text, nullptr, 10) : otherwise;
}

int64_t seed() {
  static int64_t value = setting("LACUNA_SEED", 20240607);
  return value;
}

/// A module of random masks, compiled.
struct Batch {
  std::vector<std::string> sources;
  std::unique_ptr<MaskProbe> probe;
};

class TileClass : public ::testing::Test {
protected:
  TileClass() {
    mlir::DialectRegistry registry;
    MaskProbe::registerDialects(registry);
    context.appendDialectRegistry(registry);
    context.disableMultithreading();
  }

  std::unique_ptr<MaskProbe> compile(const std::vector<std::string> &sources, bool rows) {
    std::string text;
    for (const std::string &source : sources)
      text += source;
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    if (!module || failed(MaskProbe::makeProbes(*module, {}, rows)))
      return nullptr;
    return MaskProbe::compile(*module, /*optimize=*/false);
  }

  std::vector<std::string> randomSources(Random &random, MaskFamily family, int64_t count) {
    std::vector<std::string> sources;
    for (int64_t i = 0; i < count; ++i)
      sources.push_back(randomMaskFunction(random, "m" + std::to_string(i), family));
    return sources;
  }

  mlir::MLIRContext context;
};

struct Counts {
  int64_t cases = 0, uniform = 0, doubtful = 0, wrong = 0;
  double share() const { return uniform ? 100.0 * doubtful / uniform : 0; }
};

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

/// One box: what its pairs say against its class.
void checkBox(BoundProbe &probe, const ProbeBox &box, Counts &counts, bool mayDoubt, llvm::function_ref<std::string()> describe) {
  static std::vector<int8_t> bits(40 * 40);
  int64_t columns = box.k1 - box.k0, area = (box.q1 - box.q0) * columns;
  ProbeClass found = probe.bits(box, bits.data(), columns);
  int64_t attended = std::count(bits.begin(), bits.begin() + area, 1);
  ++counts.cases;
  bool uniform = attended == 0 || attended == area;
  bool wrong = (!found.any && attended != 0) || (found.all && attended != area) || (found.all && !found.any);
  counts.uniform += uniform;
  counts.doubtful += uniform && found.isPartial();
  bool fails = wrong || (!mayDoubt && uniform && found.isPartial());
  if (fails && counts.wrong++ < 3)
    ADD_FAILURE() << "box [" << box.q0 << ", " << box.q1 << ") x [" << box.k0 << ", " << box.k1 << "): " << attended << " of " << area
                  << " pairs attend, but the class is any = " << found.any << ", all = " << found.all << " (seed " << seed() << ") for "
                  << describe();
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

/// Bounds that random masks meet too seldom: the pair right at the edge of a select, for every comparison, bound and box.
TEST_F(TileClass, SelectsAreSoundAtTheirEdge) {
  std::vector<std::string> sources;
  for (const char *predicate : {"slt", "sle", "sgt", "sge", "ult", "ugt", "eq", "ne"})
    for (const char *arms : {"%x, %zero", "%zero, %x", "%x, %back", "%back, %x"})
      for (const char *bound : {"6", "7", "8"})
        for (const char *outer : {"sge", "eq", "slt"})
          sources.push_back("func.func @m" + std::to_string(sources.size()) +
                            "(%q: tensor<1x1x?x8xf32>, %k: tensor<1x1x?x8xf32>) -> tensor<1x1x?x8xf32> {\n"
                            "%m = attn.predicate {\n^bb0(%b: index, %h: index, %i: index, %j: index):\n"
                            "%zero = arith.constant 0 : index\n%edge = arith.constant 7 : index\n%bound = arith.constant " +
                            bound + " : index\n%x = arith.subi %i, %j : index\n%back = arith.subi %zero, %x : index\n%c = arith.cmpi " +
                            predicate + ", %x, %edge : index\n%s = arith.select %c, " + arms + " : index\n%on = arith.cmpi " + outer +
                            ", %s, %bound : index\nattn.yield %on : i1\n}\n"
                            "%o = attn.attention %q, %k, %k mask(%m) layout(bhsd) : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, "
                            "tensor<1x1x?x8xf32> -> tensor<1x1x?x8xf32>\nreturn %o : tensor<1x1x?x8xf32>\n}\n");
  std::unique_ptr<MaskProbe> probe = compile(sources, /*rows=*/false);
  ASSERT_TRUE(probe);
  constexpr int64_t kSize = 11;
  ProbeArgumentValue tensor;
  tensor.isTensor = true;
  tensor.shape = {1, 1, kSize, 8};
  Counts counts;
  for (size_t i = 0; i < sources.size(); ++i) {
    BoundProbe bound(probe->find("m" + std::to_string(i), 0), {tensor, tensor}, 0, 0, kSize, kSize);
    for (int64_t q0 = 0; q0 < kSize; ++q0)
      for (int64_t q1 = q0 + 1; q1 <= kSize; ++q1)
        for (int64_t k0 = 0; k0 < 4; ++k0)
          for (int64_t k1 = k0 + 1; k1 <= 5; ++k1)
            checkBox(bound, {q0, q1, k0, k1}, counts, /*mayDoubt=*/true, [&] { return "\n" + sources[i]; });
  }
  EXPECT_EQ(counts.wrong, 0);
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
