// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// "Lines" are the queries or keys of the outer tile, "steps" the positions walked along. Each line and each step counts the runs it is part of.
#include "tools/lacuna-mask/MaskStatistics.h"

#include <algorithm>

namespace lacuna {
namespace {

/// Number of maximal runs so far in each of some parallel lines, and whether a run is open.
class RunCounter {
public:
  explicit RunCounter(int64_t lines) : open(lines), count(lines) {}
  void clear() {
    std::fill(open.begin(), open.end(), 0);
    std::fill(count.begin(), count.end(), 0);
  }
  void step(int64_t line, bool attends) {
    count[line] += attends & !open[line];
    open[line] = attends;
  }
  void stepAll(int64_t begin, int64_t end, bool attends) {
    for (int64_t line = begin; line < end; ++line)
      step(line, attends);
  }
  int64_t largest() const { return count.empty() ? 0 : *std::max_element(count.begin(), count.end()); }

private:
  std::vector<uint8_t> open;
  std::vector<int32_t> count;
};

class Walk {
public:
  using OnTiles = llvm::function_ref<void(int64_t, int64_t, int64_t, int64_t, TileKind)>;
  Walk(BoundProbe &probe, const MaskSize &size, WalkAxis axis, OnTiles onTiles)
      : probe(probe), alongKeys(axis == WalkAxis::Keys), onTiles(onTiles), lineTile(alongKeys ? size.tileM : size.tileN),
        stepTile(alongKeys ? size.tileN : size.tileM), lines(alongKeys ? size.queries : size.keys),
        steps(alongKeys ? size.keys : size.queries), lineRuns(lineTile), stepRuns(steps), bits(size.tileM * size.tileN) {}

  MaskStatistics run() {
    int64_t lineTiles = (lines + lineTile - 1) / lineTile, stepTiles = (steps + stepTile - 1) / stepTile, largest = 0;
    for (outer = 0; outer < lineTiles; ++outer) {
      firstLine = outer * lineTile;
      endLine = std::min(lines, firstLine + lineTile);
      lineRuns.clear();
      if (stepTiles > 0)
        visit(0, stepTiles);
      largest = std::max(largest, lineRuns.largest());
    }
    statistics.rowRuns = alongKeys ? largest : stepRuns.largest();
    statistics.columnRuns = alongKeys ? stepRuns.largest() : largest;
    return statistics;
  }

private:
  ProbeBox boxOf(int64_t first, int64_t end) const {
    int64_t begin = first * stepTile, limit = std::min(steps, end * stepTile);
    return alongKeys ? ProbeBox{firstLine, endLine, begin, limit} : ProbeBox{begin, limit, firstLine, endLine};
  }

  void visit(int64_t first, int64_t end) {
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
    (attends ? statistics.full : statistics.empty) += end - first;
    if (attends)
      statistics.attended += (box.q1 - box.q0) * (box.k1 - box.k0);
    lineRuns.stepAll(0, endLine - firstLine, attends);
    stepRuns.stepAll(alongKeys ? box.k0 : box.q0, alongKeys ? box.k1 : box.q1, attends);
    report(first, end, attends ? TileKind::Full : TileKind::Empty);
  }

  void partial(int64_t tile, const ProbeBox &box) {
    int64_t rows = box.q1 - box.q0, columns = box.k1 - box.k0, stepBegin = alongKeys ? box.k0 : box.q0;
    probe.bits(box, bits.data(), columns);
    int64_t attended = 0;
    for (int64_t line = 0; line < (alongKeys ? rows : columns); ++line)
      for (int64_t step = 0; step < (alongKeys ? columns : rows); ++step) {
        bool attends = bits[alongKeys ? line * columns + step : step * columns + line];
        attended += attends;
        lineRuns.step(line, attends);
        stepRuns.step(stepBegin + step, attends);
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
  int64_t outer = 0, firstLine = 0, endLine = 0;
  MaskStatistics statistics;
};

} // namespace

MaskStatistics collectStatistics(BoundProbe &probe, const MaskSize &size, WalkAxis axis,
                                 llvm::function_ref<void(int64_t, int64_t, int64_t, int64_t, TileKind)> onTiles) {
  return Walk(probe, size, axis, onTiles).run();
}

} // namespace lacuna
