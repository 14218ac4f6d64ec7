// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A tile is a set of raster lines, pieces along the last dimension. Each line of a query tile is asked against halves of the rows of keys until a half is
// empty; what is left are rows, cut at the borders of key tiles.
#include "tools/lacuna-mask/SpaceSimulator.h"

#include <algorithm>
#include <cassert>

namespace lacuna {
namespace {

int64_t product(const std::vector<int64_t> &factors) {
  int64_t result = 1;
  for (int64_t factor : factors)
    result *= factor;
  return result;
}

/// Tiles along each dimension.
std::vector<int64_t> gridOf(const std::vector<int64_t> &extents, const std::vector<int64_t> &tile) {
  std::vector<int64_t> grid;
  for (size_t i = 0; i < extents.size(); ++i)
    grid.push_back((extents[i] + tile[i] - 1) / tile[i]);
  return grid;
}

/// Coordinates of position `index` of a raster.
std::vector<int64_t> delinearize(int64_t index, const std::vector<int64_t> &extents) {
  std::vector<int64_t> result(extents.size());
  for (size_t i = extents.size(); i-- > 0;) {
    result[i] = index % extents[i];
    index /= extents[i];
  }
  return result;
}

class Simulation {
public:
  Simulation(BoundProbe &probe, const TiledSpace &space)
      : probe(probe), space(space), keyGrid(gridOf(space.extents, space.keyTile)), queryGrid(gridOf(space.extents, space.queryTile)),
        width(space.extents.back()), rows(space.points() / width), bits(space.queryTile.back() * space.keyTile.back()) {
    if (!probe.budget().take(tableBytes()))
      return;
    probe.budget().spend(rows);
    rowTile.resize(rows);
    for (int64_t row = 0; row < rows; ++row)
      rowTile[row] = firstTileOf(row);
  }

  ~Simulation() { probe.budget().giveBack(tableBytes()); }

  SpaceStatistics run() {
    int64_t tiles = product(queryGrid);
    statistics.total = static_cast<double>(tiles) * product(keyGrid);
    for (int64_t tile = 0; tile < tiles && !probe.budget().isSpent(); ++tile)
      countTile(delinearize(tile, queryGrid));
    return statistics;
  }

  bool isBlockSparse() {
    for (int64_t tile = 0, tiles = product(queryGrid); tile < tiles && statistics.partial() == 0 && !probe.budget().isSpent(); ++tile)
      countTile(delinearize(tile, queryGrid));
    return statistics.partial() == 0;
  }

private:
  int64_t tableBytes() const { return (rows + product(keyGrid)) * sizeof(int64_t); }

  /// The first key tile that a row of keys (all points that differ in the last dimension only) lies in; the others follow.
  int64_t firstTileOf(int64_t row) const {
    std::vector<int64_t> at = delinearize(row * width, space.extents);
    int64_t tile = 0;
    for (size_t i = 0; i < at.size(); ++i)
      tile = tile * keyGrid[i] + at[i] / space.keyTile[i];
    return tile;
  }

  /// Extent of a tile in each dimension.
  static std::vector<int64_t> sizeOf(const std::vector<int64_t> &at, const std::vector<int64_t> &tile, const std::vector<int64_t> &extents) {
    std::vector<int64_t> size;
    for (size_t i = 0; i < at.size(); ++i)
      size.push_back(std::min(tile[i], extents[i] - at[i] * tile[i]));
    return size;
  }

  void countTile(const std::vector<int64_t> &at) {
    std::vector<int64_t> size = sizeOf(at, space.queryTile, space.extents);
    attended.assign(product(keyGrid), 0);
    probe.budget().spend(attended.size());
    int64_t lines = product(size) / size.back();
    for (int64_t line = 0; line < lines; ++line) {
      std::vector<int64_t> offset = delinearize(line * size.back(), size);
      int64_t position = 0;
      for (size_t i = 0; i < at.size(); ++i)
        position = position * space.extents[i] + at[i] * space.queryTile[i] + offset[i];
      q0 = position, q1 = position + size.back();
      visitRows(0, rows);
    }
    summarize(at, product(size));
  }

  void summarize(const std::vector<int64_t> &at, int64_t queries) {
    int64_t visited = 0;
    for (size_t tile = 0; tile < attended.size(); ++tile) {
      if (attended[tile] == 0)
        continue;
      ++visited;
      statistics.attended += attended[tile];
      statistics.full += attended[tile] == queries * product(sizeOf(delinearize(tile, keyGrid), space.keyTile, space.extents));
    }
    statistics.visited += visited;
    if (statistics.worstTile.empty() || visited > statistics.worstVisited) {
      statistics.worstTile = at;
      statistics.worstVisited = visited;
    }
  }

  void visitRows(int64_t first, int64_t end) {
    if (probe.budget().isSpent())
      return;
    if (end - first == 1)
      return visitTiles(first, 0, keyGrid.back());
    if (!probe.classify({q0, q1, first * width, end * width}).any)
      return;
    int64_t middle = first + (end - first) / 2;
    visitRows(first, middle);
    visitRows(middle, end);
  }

  /// Tiles [first, end) along one row of keys.
  void visitTiles(int64_t row, int64_t first, int64_t end) {
    if (probe.budget().isSpent())
      return;
    int64_t step = space.keyTile.back(), begin = first * step, limit = std::min(width, end * step);
    ProbeBox box{q0, q1, row * width + begin, row * width + limit};
    ProbeClass found = probe.classify(box);
    if (!found.any)
      return;
    if (end - first == 1) {
      attended[rowTile[row] + first] += found.all ? (q1 - q0) * (limit - begin) : count(box);
      return;
    }
    int64_t middle = first + (end - first) / 2;
    visitTiles(row, first, middle);
    visitTiles(row, middle, end);
  }

  int64_t count(const ProbeBox &box) {
    int64_t columns = box.k1 - box.k0;
    probe.bits(box, bits.data(), columns);
    return std::count(bits.begin(), bits.begin() + (box.q1 - box.q0) * columns, 1);
  }

  BoundProbe &probe;
  const TiledSpace &space;
  std::vector<int64_t> keyGrid, queryGrid;
  int64_t width, rows;
  std::vector<int64_t> rowTile;
  std::vector<int8_t> bits;
  std::vector<int64_t> attended; ///< pairs of the query tile at hand, by key tile
  int64_t q0 = 0, q1 = 0;
  SpaceStatistics statistics;
};

} // namespace

int64_t TiledSpace::points() const { return product(extents); }
int64_t TiledSpace::queryTiles() const { return product(gridOf(extents, queryTile)); }
int64_t TiledSpace::keyTiles() const { return product(gridOf(extents, keyTile)); }

SpaceStatistics simulateSpace(BoundProbe &probe, const TiledSpace &space) { return Simulation(probe, space).run(); }
bool isBlockSparse(BoundProbe &probe, const TiledSpace &space) { return Simulation(probe, space).isBlockSparse(); }

SpaceStatistics multiplyAxes(llvm::ArrayRef<SpaceStatistics> axes) {
  SpaceStatistics result;
  result.attended = result.full = result.visited = result.total = result.worstVisited = 1;
  for (const SpaceStatistics &axis : axes) {
    result.attended *= axis.attended;
    result.full *= axis.full;
    result.visited *= axis.visited;
    result.total *= axis.total;
    result.worstVisited *= axis.worstVisited;
    result.worstTile.push_back(axis.worstTile.front());
  }
  return result;
}

} // namespace lacuna
