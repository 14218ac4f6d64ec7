// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The simulator against brute force on small spaces, and against the conditions for perfect block sparsity that NATTEN's authors publish.
#include "tools/lacuna-mask/AxisProbes.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

#include <cstring>

using namespace lacuna;

namespace {

ProbeArgumentValue scalar(int64_t x) {
  ProbeArgumentValue value;
  value.bytes.resize(sizeof(x));
  std::memcpy(value.bytes.data(), &x, sizeof(x));
  return value;
}

class Simulator : public ::testing::Test {
protected:
  Simulator() {
    mlir::DialectRegistry registry;
    MaskProbe::registerDialects(registry);
    context.appendDialectRegistry(registry);
    context.disableMultithreading();
  }

  /// A function @f whose mask `definition` defines as %m, on index arguments %a, %b, …
  std::unique_ptr<MaskProbe> compile(const std::string &definition, int numArguments) {
    std::string arguments, tensor = "tensor<1x1x?x8xf32>";
    for (int i = 0; i < numArguments; ++i)
      arguments += std::string(", %") + char('a' + i) + ": index";
    auto module = mlir::parseSourceString<mlir::ModuleOp>("func.func @f(%q: " + tensor + arguments + ") -> " + tensor + " {\n" + definition +
                                                              "\n%o = attn.attention %q, %q, %q mask(%m) layout(bhsd) : " + tensor + ", " + tensor + ", " +
                                                              tensor + " -> " + tensor + "\nreturn %o : " + tensor + "\n}\n",
                                                          &context);
    if (!module || failed(MaskProbe::makeProbes(*module, {}, /*rows=*/true)))
      return nullptr;
    return MaskProbe::compile(*module, /*optimize=*/true);
  }

  static std::vector<ProbeArgumentValue> arguments(const std::vector<int64_t> &scalars) {
    std::vector<ProbeArgumentValue> result(1);
    result[0].isTensor = true;
    result[0].shape = {1, 1, 0, 8};
    for (int64_t x : scalars)
      result.push_back(scalar(x));
    return result;
  }

  mlir::MLIRContext context;
};

std::vector<int64_t> coordinates(int64_t index, const std::vector<int64_t> &extents) {
  std::vector<int64_t> result(extents.size());
  for (size_t i = extents.size(); i-- > 0; index /= extents[i])
    result[i] = index % extents[i];
  return result;
}

/// Number of the tile that a point lies in.
int64_t tileOf(int64_t point, const std::vector<int64_t> &extents, const std::vector<int64_t> &tile) {
  std::vector<int64_t> at = coordinates(point, extents);
  int64_t number = 0;
  for (size_t i = 0; i < at.size(); ++i)
    number = number * ((extents[i] + tile[i] - 1) / tile[i]) + at[i] / tile[i];
  return number;
}

/// Attended, full, visited, largest number of visited tiles of a query tile: pair by pair.
std::vector<int64_t> bruteForce(BoundProbe &probe, const TiledSpace &space) {
  int64_t points = space.points(), queryTiles = space.queryTiles(), keyTiles = space.keyTiles();
  std::vector<int8_t> bits(points * points);
  probe.bits({0, points, 0, points}, bits.data(), points);
  std::vector<int64_t> attended(queryTiles * keyTiles), area(queryTiles * keyTiles);
  for (int64_t q = 0; q < points; ++q)
    for (int64_t k = 0; k < points; ++k) {
      int64_t pair = tileOf(q, space.extents, space.queryTile) * keyTiles + tileOf(k, space.extents, space.keyTile);
      attended[pair] += bits[q * points + k];
      ++area[pair];
    }
  std::vector<int64_t> result(4);
  for (int64_t q = 0; q < queryTiles; ++q) {
    int64_t visited = 0;
    for (int64_t pair = q * keyTiles; pair < (q + 1) * keyTiles; ++pair) {
      result[0] += attended[pair];
      result[1] += attended[pair] == area[pair];
      visited += attended[pair] > 0;
    }
    result[2] += visited;
    result[3] = std::max(result[3], visited);
  }
  return result;
}

TEST_F(Simulator, CountsWhatBruteForceCounts) {
  const std::pair<const char *, TiledSpace> cases[] = {
      {"%m = attn.neighborhood space[7, 10] window[3, 6] stride[2, 4]", {{7, 10}, {2, 4}, {3, 5}}},
      {"%m = attn.neighborhood space[3, 5, 6] window[2, 3, 3] causal[true, false, true]", {{3, 5, 6}, {2, 2, 3}, {1, 2, 4}}},
      {"%m = attn.neighborhood space[9, 8] window[4, 2] dilation[2, 3]", {{9, 8}, {4, 4}, {4, 4}}},
      {"%m = attn.causal align(top_left)", {{6, 11}, {4, 3}, {1, 5}}},
      {"%m = attn.causal align(top_left)", {{70}, {16}, {9}}},
      {"%c = attn.causal align(top_left)\n%n = attn.neighborhood space[4, 4, 4] window[3, 3, 3]\n%m = attn.or %c, %n", {{4, 4, 4}, {3, 2, 4}, {2, 3, 1}}},
      {"%a = attn.all\n%m = attn.not %a", {{4, 4}, {2, 2}, {2, 2}}},
  };
  for (const auto &[definition, space] : cases) {
    std::unique_ptr<MaskProbe> probe = compile(definition, 0);
    ASSERT_TRUE(probe) << definition;
    BoundProbe bound(probe->find("f", 0), arguments({}), 0, 0, space.points(), space.points());
    SpaceStatistics found = simulateSpace(bound, space);
    std::vector<int64_t> numbers{static_cast<int64_t>(found.attended), static_cast<int64_t>(found.full), static_cast<int64_t>(found.visited),
                                 found.worstVisited};
    EXPECT_EQ(numbers, bruteForce(bound, space)) << definition;
    EXPECT_EQ(found.total, static_cast<double>(space.queryTiles() * space.keyTiles()));
  }
}

/// NATTEN's sufficient condition for one dimension (patterns.md section 3).
bool isPerfectByPublication(int64_t extent, int64_t window, int64_t stride, int64_t queryTile, int64_t keyTile) {
  if (extent == window)
    return true;
  // The last window is that of the last group; it begins at extent - window, where every window is pushed that reaches beyond.
  int64_t lastStart = extent - window;
  return stride % queryTile == 0 && window % keyTile == 0 && (extent % stride == 0 || lastStart % keyTile == 0) &&
         (window / 2 - stride / 2) % keyTile == 0;
}

TEST_F(Simulator, PublishedConditionsAreBlockSparse) {
  std::unique_ptr<MaskProbe> probe = compile("%m = attn.neighborhood space[%a] window[%b] stride[%c]", 3);
  ASSERT_TRUE(probe);
  BoundProbe::Function function = probe->find("f", 0);
  int64_t perfect = 0, published = 0;
  for (int64_t extent = 2; extent <= 40; extent += 2)
    for (int64_t window = 1; window <= extent; ++window)
      for (int64_t stride = 1; stride <= window; ++stride)
        for (int64_t tile : {2, 4, 8}) {
          BoundProbe bound(function, arguments({extent, window, stride}), 0, 0, extent, extent);
          bool isPerfect = isBlockSparse(bound, {{extent}, {tile}, {tile}});
          bool isPublished = isPerfectByPublication(extent, window, stride, tile, tile);
          perfect += isPerfect, published += isPublished;
          EXPECT_TRUE(isPerfect || !isPublished) << extent << " " << window << " " << stride << " " << tile;
        }
  EXPECT_GT(published, 0);
  EXPECT_GT(perfect, published); // the condition is sufficient, not necessary
}

TEST_F(Simulator, SmallestPerfectStrideIsTheFirst) {
  std::unique_ptr<MaskProbe> probe = compile("%m = attn.neighborhood space[%a] window[%b] stride[%c]", 3);
  ASSERT_TRUE(probe);
  BoundProbe::Function function = probe->find("f", 0);
  for (auto [extent, window, tile, expected] : {std::tuple<int64_t, int64_t, int64_t, int64_t>{80, 24, 8, 8}, {30, 18, 2, 2}, {16, 8, 4, 8}, {40, 40, 8, 1},
                                                {20, 7, 8, 0}}) {
    WalkBudget budget;
    EXPECT_EQ(smallestPerfectStride(function, arguments({extent, window}), 0, 0, {{extent}, {tile}, {tile}}, budget), expected) << extent << " " << window;
  }
}

TEST_F(Simulator, ExtentIsThatOfTheMask) {
  std::unique_ptr<MaskProbe> probe = compile("%m = attn.neighborhood space[%a] window[3] stride[%b]", 2);
  ASSERT_TRUE(probe);
  for (int64_t extent : {11, 12, 13})
    EXPECT_EQ(hasExtent(probe->find("f", 0), arguments({12}), 0, 0, extent), extent == 12) << extent;
}

} // namespace
