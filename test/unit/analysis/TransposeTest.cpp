// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn.transpose of random masks: its pairs are those of the mask with both coordinates and both lengths exchanged, and so are its runs and tiles.
#include "test/unit/analysis/RandomMasks.h"
#include "tools/lacuna-mask/MaskStatistics.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>

using namespace lacuna;
using namespace lacuna::test;

namespace {

/// The function @mN of `source` and, as @tN, the same on the transposed mask.
std::string withTranspose(std::string source, const std::string &number) {
  std::string text = source;
  source.replace(source.find("@m" + number), 2, "@t");
  size_t use = source.find("  %o = attn.attention"), begin = source.find("mask(", use) + 5, end = source.find(')', begin);
  std::string mask = source.substr(begin, end - begin);
  source.replace(begin, mask.size(), "%exchanged");
  source.insert(use, "  %exchanged = attn.transpose " + mask + "\n");
  return text + source;
}

std::unique_ptr<MaskProbe> compile(const std::string &text) {
  mlir::DialectRegistry registry;
  MaskProbe::registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module || failed(MaskProbe::makeProbes(*module, {}, /*rows=*/true)))
    return nullptr;
  return MaskProbe::compile(*module, /*optimize=*/false);
}

/// Fails where the pairs of `transposed` are not those of `mask`.
void comparePairs(BoundProbe &mask, BoundProbe &transposed, int64_t queries, int64_t keys, const std::string &source) {
  std::vector<int8_t> expected(queries * keys), found(queries * keys);
  mask.bits({0, queries, 0, keys}, expected.data(), keys);
  transposed.bits({0, keys, 0, queries}, found.data(), queries);
  for (int64_t q = 0; q < queries; ++q)
    for (int64_t k = 0; k < keys; ++k)
      ASSERT_EQ(found[k * queries + q], expected[q * keys + k]) << "q = " << q << ", k = " << k << ", " << queries << " x " << keys << "\n" << source;
}

/// Pairs, tiles, and runs of rows and columns, exchanged.
void compareStatistics(BoundProbe &mask, BoundProbe &transposed, const MaskSize &size, const std::string &source) {
  MaskStatistics expected = collectStatistics(mask, size), found = collectStatistics(transposed, {size.keys, size.queries, size.tileN, size.tileM});
  EXPECT_EQ((std::vector<int64_t>{found.attended, found.full, found.partial, found.empty, found.rowRuns, found.columnRuns}),
            (std::vector<int64_t>{expected.attended, expected.full, expected.partial, expected.empty, expected.columnRuns, expected.rowRuns}))
      << source;
}

void compareBatch(Random &random, MaskFamily family) {
  constexpr int kMasks = 60;
  const int settings = family == MaskFamily::Chunks ? 60 : 6; // sizes of chunks may be any number: where they are large, products come near to wrapping
  std::vector<std::string> sources;
  std::string text;
  for (int i = 0; i < kMasks; ++i) {
    sources.push_back(randomMaskFunction(random, "m" + std::to_string(i), family));
    text += withTranspose(sources.back(), std::to_string(i));
  }
  std::unique_ptr<MaskProbe> probe = compile(text);
  ASSERT_TRUE(probe);
  for (int i = 0; i < kMasks; ++i)
    for (int setting = 0; setting < settings && !testing::Test::HasFailure(); ++setting) {
      // The first ones without queries, with one; then any.
      MaskSize size{setting < 2 ? setting : pick(random, 0, 70), pick(random, 0, 70), pick(random, 1, 20), pick(random, 1, 20)};
      std::vector<ProbeArgumentValue> arguments = randomArguments(random, size.queries, size.keys), exchanged = arguments;
      for (int tensor = 0; tensor < 3; ++tensor)
        exchanged[tensor].shape[2] = tensor == 0 ? size.keys : size.queries;
      int64_t batch = pick(random, 0, 2), head = pick(random, 0, 3);
      BoundProbe mask(probe->find("m" + std::to_string(i), 0), arguments, batch, head, size.queries, size.keys);
      BoundProbe transposed(probe->find("t" + std::to_string(i), 0), exchanged, batch, head, size.keys, size.queries);
      comparePairs(mask, transposed, size.queries, size.keys, sources[i]);
      compareStatistics(mask, transposed, size, sources[i]);
    }
}

/// Ends that random masks meet too seldom: factors that are 0 or negative, bounds and products that wrap.
TEST(Transpose, ExchangesEndsThatAreNoSums) {
  const std::string tensor = "tensor<1x1x?x8xf32>", index = " : index\n", quotient = "%one = arith.constant 1 : index\n%c = arith.maxsi %w, %one : index\n"
                    "%z = arith.floordivsi %i, %c : index\n", narrow = "%y = arith.index_cast %x : i32 to index\n";
  std::vector<std::string> ends{narrow + "%end = arith.muli %i, %y" + index, quotient + "%two = arith.constant 2 : index\n%n = arith.addi %z, %two : index\n"
                                "%end = arith.muli %n, %c" + index};
  for (const char *far : {"1099511627776", "-1099511627776", "1152921504606846976"})
    ends.push_back(quotient + "%far = arith.constant " + far + index + "%end = arith.addi %z, %far" + index);
  std::vector<std::string> sources;
  std::string text;
  for (const std::string &end : ends)
    for (const char *yielded : {"%end, %keys", "%zero, %end"}) {
      std::string number = std::to_string(sources.size());
      sources.push_back("func.func @m" + number + "(%q: " + tensor + ", %k: " + tensor + ", %v: " + tensor + ", %w: index, %x: i32) -> " + tensor +
                        " {\n%m = attn.interval {\n^bb0(%b: index, %h: index, %i: index):\n%zero = arith.constant 0 : index\n%keys = attn.key_length\n" + end +
                        "attn.yield " + yielded + " : index, index\n}\n  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : " + tensor + ", " + tensor + ", " +
                        tensor + " -> " + tensor + "\nreturn %o : " + tensor + "\n}\n");
      text += withTranspose(sources.back(), number);
    }
  std::unique_ptr<MaskProbe> probe = compile(text);
  ASSERT_TRUE(probe);
  constexpr MaskSize size{9, 11, 4, 3};
  for (size_t i = 0; i < sources.size(); ++i)
    for (int64_t w : {int64_t(-1), int64_t(0), int64_t(3), int64_t(1) << 31, int64_t(1) << 62, INT64_MAX})
      for (int32_t x : {INT32_MIN, -2, 0, 3, INT32_MAX}) {
        std::vector<ProbeArgumentValue> arguments(5);
        for (int argument = 0; argument < 3; ++argument)
          arguments[argument].isTensor = true, arguments[argument].shape = {1, 1, argument == 0 ? size.queries : size.keys, 8};
        arguments[3].bytes.resize(sizeof(w)), arguments[4].bytes.resize(sizeof(x));
        std::memcpy(arguments[3].bytes.data(), &w, sizeof(w)), std::memcpy(arguments[4].bytes.data(), &x, sizeof(x));
        std::vector<ProbeArgumentValue> exchanged = arguments;
        std::swap(exchanged[0].shape, exchanged[1].shape), exchanged[2].shape = exchanged[1].shape;
        BoundProbe mask(probe->find("m" + std::to_string(i), 0), arguments, 0, 0, size.queries, size.keys);
        BoundProbe transposed(probe->find("t" + std::to_string(i), 0), exchanged, 0, 0, size.keys, size.queries);
        comparePairs(mask, transposed, size.queries, size.keys, "w = " + std::to_string(w) + ", x = " + std::to_string(x) + "\n" + sources[i]);
        compareStatistics(mask, transposed, size, sources[i]);
      }
}

TEST(Transpose, ExchangesThePairsOfRandomMasks) {
  const char *seed = std::getenv("LACUNA_SEED");
  Random random((seed ? std::strtoll(seed, nullptr, 10) : 20240607) + 2);
  for (MaskFamily family : {MaskFamily::Intervals, MaskFamily::Predicates, MaskFamily::Mixed, MaskFamily::Chunks})
    compareBatch(random, family);
}

} // namespace
