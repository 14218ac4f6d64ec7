// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/RunCounter.h"

namespace lacuna {

void RunCounter::clear() {
  for (Chunk &chunk : chunks) {
    budget.giveBack(chunk.each.size() * sizeof(LineRuns));
    chunk = {LineRuns(), std::move(chunk.each)};
    chunk.each.clear(); // keeps its memory for what comes next
  }
}

bool RunCounter::spread(size_t number) {
  Chunk &chunk = chunks[number];
  if (!chunk.each.empty())
    return true;
  int64_t size = endOf(number) - static_cast<int64_t>(number) * kChunk;
  if (!budget.take(size * sizeof(LineRuns)))
    return false;
  chunk.each.assign(size, chunk.same);
  return true;
}

void RunCounter::gather(Chunk &chunk) {
  if (std::any_of(chunk.each.begin(), chunk.each.end(), [&](LineRuns runs) { return runs != chunk.each.front(); }))
    return;
  chunk.same = chunk.each.front();
  budget.giveBack(chunk.each.size() * sizeof(LineRuns));
  std::vector<LineRuns>().swap(chunk.each);
}

void RunCounter::stepAll(int64_t begin, int64_t end, bool attends) {
  for (int64_t first = begin, next; first < end; first = next) {
    size_t number = first / kChunk;
    Chunk &chunk = chunks[number];
    next = std::min(end, endOf(number));
    budget.spend(1);
    LineRuns after = chunk.same;
    after.step(attends);
    bool whole = first % kChunk == 0 && next == endOf(number);
    if (chunk.each.empty() && (whole || after == chunk.same)) {
      chunk.same = after;
      continue;
    }
    if (!spread(number))
      return;
    budget.spend(next - first);
    for (int64_t line = first; line < next; ++line)
      chunk.each[line % kChunk].step(attends);
    if (whole)
      gather(chunk);
  }
}

void RunCounter::stepRow(int64_t line, const int8_t *bits, int64_t positions) {
  if (!spread(line / kChunk))
    return;
  LineRuns runs = chunks[line / kChunk].each[line % kChunk];
  for (int64_t position = 0; position < positions; ++position)
    runs.step(bits[position] != 0);
  chunks[line / kChunk].each[line % kChunk] = runs;
}

void RunCounter::stepColumns(int64_t begin, int64_t end, const int8_t *bits) {
  for (int64_t first = begin, next; first < end; first = next) {
    next = std::min(end, endOf(first / kChunk));
    if (!spread(first / kChunk))
      return;
    LineRuns *runs = &chunks[first / kChunk].each[first % kChunk];
    for (int64_t i = 0; i < next - first; ++i)
      runs[i].step(bits[first - begin + i] != 0);
  }
}

int64_t RunCounter::largest() const {
  int64_t result = 0;
  for (const Chunk &chunk : chunks) {
    result = std::max(result, chunk.same.count());
    for (LineRuns runs : chunk.each)
      result = std::max(result, runs.count());
  }
  return result;
}

} // namespace lacuna
