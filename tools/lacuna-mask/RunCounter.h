// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Counts the maximal runs of attended positions along parallel lines. Not an array over all lines: a mask has billions of them, and mostly alike.
#pragma once

#include "tools/lacuna-mask/MaskProbe.h"

#include <algorithm>

namespace lacuna {

/// The runs so far of one line, and whether the last one is open.
class LineRuns {
public:
  void step(bool attends) { state = (state & ~1u) + attends + 2 * (attends & ~state & 1u); }
  int64_t count() const { return state >> 1; }
  bool operator==(LineRuns other) const { return state == other.state; }
  bool operator!=(LineRuns other) const { return state != other.state; }

private:
  uint32_t state = 0; // twice the number of runs (at most 2^30 of 2^31 positions), plus 1 where one is open
};

/// Lines in chunks, each of which is one value until its lines differ. Takes what it does and keeps from `budget`, and does nothing once that is spent.
class RunCounter {
public:
  RunCounter(int64_t lines, WalkBudget &budget) : lines(lines), budget(budget), chunks((lines + kChunk - 1) / kChunk) {
    budget.take(chunks.size() * sizeof(Chunk));
  }

  void clear();
  /// The next position of lines [begin, end).
  void stepAll(int64_t begin, int64_t end, bool attends);
  /// The next position of lines [begin, end), a byte each; the next positions of one line.
  void stepColumns(int64_t begin, int64_t end, const int8_t *bits);
  void stepRow(int64_t line, const int8_t *bits, int64_t positions);
  int64_t largest() const;
  /// What a position of all lines costs at least.
  int64_t leastSteps() const { return chunks.size(); }

private:
  static constexpr int64_t kChunk = 4096;
  struct Chunk {
    LineRuns same;
    std::vector<LineRuns> each; ///< empty where all lines have had `same`
  };
  int64_t endOf(size_t chunk) const { return std::min(lines, static_cast<int64_t>(chunk + 1) * kChunk); }
  /// Gives the lines of a chunk values of their own, or of one value none; false where the budget does not have the bytes.
  bool spread(size_t chunk);
  void gather(Chunk &chunk);

  int64_t lines;
  WalkBudget &budget;
  std::vector<Chunk> chunks;
};

} // namespace lacuna
