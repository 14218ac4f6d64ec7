// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// "Lines" are the queries or keys of the outer tile, "steps" the positions walked along. Each line and each step counts the runs it is part of.
#include "tools/lacuna-mask/MaskStatistics.h"

#include "tools/lacuna-mask/RunCounter.h"

#include <algorithm>

namespace lacuna {
namespace {

class Walk {
public:
  using OnTiles = llvm::function_ref<void(int64_t, int64_t, int64_t, int64_t, TileKind)>;
  Walk(BoundProbe &probe, const MaskSize &size, WalkAxis axis, OnTiles onTiles)
      : probe(probe), alongKeys(axis == WalkAxis::Keys), onTiles(onTiles), lineTile(alongKeys ? size.tileM : size.tileN),
        stepTile(alongKeys ? size.tileN : size.tileM), lines(alongKeys ? size.queries : size.keys),
        steps(alongKeys ? size.keys : size.queries), lineRuns(std::min(lines, lineTile), probe.budget()), stepRuns(steps, probe.budget()),
        bits(size.tileM * size.tileN) {}

  MaskStatistics run() {
    int64_t lineTiles = (lines + lineTile - 1) / lineTile, stepTiles = (steps + stepTile - 1) / stepTile, largest = 0;
    if (!isAffordable(lineTiles, stepTiles))
      return statistics;
    for (int64_t tile = 0; tile < lineTiles && !probe.budget().isSpent(); ++tile) {
      lineRuns.clear();
      visitLine(tile, stepTiles);
      largest = std::max(largest, lineRuns.largest());
    }
    statistics.rowRuns = alongKeys ? largest : stepRuns.largest();
    statistics.columnRuns = alongKeys ? stepRuns.largest() : largest;
    return statistics;
  }

private:
  /// A walk that the budget cannot cover ends before it begins: by what every walk costs, and by what a few lines would cost (half of it, lines differ).
  bool isAffordable(int64_t lineTiles, int64_t stepTiles) {
    constexpr int64_t kLines = 16;
    int64_t rows = alongKeys ? lineTile : 1; // that one call asks at least
    if (!probe.budget().covers(lineTiles * (BoundProbe::kCallSteps + rows + stepRuns.leastSteps())))
      return false;
    if (lineTiles < 4 * kLines)
      return true;
    int64_t before = probe.budget().left();
    onlyCosts = true;
    for (int64_t i = 0; i < kLines; ++i)
      visitLine(i * (lineTiles - 1) / (kLines - 1), stepTiles);
    onlyCosts = false;
    int64_t used = before - probe.budget().left();
    return !probe.budget().isSpent() && probe.budget().covers(used / 2 * (lineTiles / kLines));
  }

  void visitLine(int64_t tile, int64_t stepTiles) {
    outer = tile;
    firstLine = outer * lineTile;
    endLine = std::min(lines, firstLine + lineTile);
    if (stepTiles > 0)
      visit(0, stepTiles);
  }

  ProbeBox boxOf(int64_t first, int64_t end) const {
    int64_t begin = first * stepTile, limit = std::min(steps, end * stepTile);
    return alongKeys ? ProbeBox{firstLine, endLine, begin, limit} : ProbeBox{begin, limit, firstLine, endLine};
  }

  void visit(int64_t first, int64_t end) {
    if (probe.budget().isSpent())
      return;
    ProbeBox box = boxOf(first, end);
    ProbeClass found = probe.classify(box);
    if (!found.isPartial())
      return uniform(first, end, box, found.all);
    if (end - first == 1)
      return partial(first, box);
    int64_t middle = first + (end - first) / 2;
    visit(first, middle);
    visit(middle, end);
  }

  void uniform(int64_t first, int64_t end, const ProbeBox &box, bool attends) {
    if (onlyCosts)
      return;
    (attends ? statistics.full : statistics.empty) += end - first;
    if (attends)
      statistics.attended += (box.q1 - box.q0) * (box.k1 - box.k0);
    lineRuns.stepAll(0, endLine - firstLine, attends);
    stepRuns.stepAll(alongKeys ? box.k0 : box.q0, alongKeys ? box.k1 : box.q1, attends);
    report(first, end, attends ? TileKind::Full : TileKind::Empty);
  }

  void partial(int64_t tile, const ProbeBox &box) {
    int64_t rows = box.q1 - box.q0, columns = box.k1 - box.k0;
    if (onlyCosts)
      return probe.budget().spend(rows * columns);
    probe.bits(box, bits.data(), columns);
    int64_t attended = std::count(bits.begin(), bits.begin() + rows * columns, 1);
    RunCounter &rowRuns = alongKeys ? lineRuns : stepRuns, &columnRuns = alongKeys ? stepRuns : lineRuns;
    for (int64_t row = 0; row < rows; ++row) {
      const int8_t *attends = bits.data() + row * columns;
      rowRuns.stepRow(alongKeys ? row : box.q0 + row, attends, columns);
      columnRuns.stepColumns(alongKeys ? box.k0 : 0, alongKeys ? box.k1 : columns, attends);
    }
    statistics.attended += attended;
    TileKind kind = attended == 0 ? TileKind::Empty : attended == rows * columns ? TileKind::Full : TileKind::Partial;
    statistics.doubtful += kind != TileKind::Partial;
    (kind == TileKind::Empty ? statistics.empty : kind == TileKind::Full ? statistics.full : statistics.partial) += 1;
    report(tile, tile + 1, kind);
  }

  void report(int64_t first, int64_t end, TileKind kind) {
    if (!onTiles)
      return;
    if (alongKeys)
      onTiles(outer, 1, first, end - first, kind);
    else
      onTiles(first, end - first, outer, 1, kind);
  }

  BoundProbe &probe;
  bool alongKeys;
  OnTiles onTiles;
  int64_t lineTile, stepTile, lines, steps;
  RunCounter lineRuns, stepRuns;
  std::vector<int8_t> bits;
  bool onlyCosts = false;
  int64_t outer = 0, firstLine = 0, endLine = 0;
  MaskStatistics statistics;
};

} // namespace

MaskStatistics collectStatistics(BoundProbe &probe, const MaskSize &size, WalkAxis axis,
                                 llvm::function_ref<void(int64_t, int64_t, int64_t, int64_t, TileKind)> onTiles) {
  return Walk(probe, size, axis, onTiles).run();
}

} // namespace lacuna
