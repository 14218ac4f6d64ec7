// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rows are tried in order; each says why it is there. Replace a row when a measurement says so, and write the measurement down.
#include "lib/Target/Schedules.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

namespace lacuna {
namespace {

struct Row {
  llvm::StringRef chip; // empty: every chip of the kind
  TargetKind kind;
  int64_t maxHeadSize;
  int64_t maxQueries; // 0: any number; else only for a number that is known and at most this
  Schedule schedule;
};

const Row kRows[] = {
    // Decoding: with few queries the lanes hold keys and features, and reading K and V is the work. 64 keys: a tile of both takes 32 KiB (bf16, head 128)
    // of L2, and the softmax is amortised.
    {"", TargetKind::Cpu, 256, 8, {8, 64, 1, 1, false}},
    // AMX: units of 32 x 32; 96 queries also are two groups of three vectors for f32. 64 keys keep the score tile at 24 KiB. Two stages: groups of
    // 32 queries overlap, products of one beside the softmax of another. Not measured: no machine yet.
    {"sapphirerapids", TargetKind::Cpu, 256, 0, {96, 64, 1, 2, true}},
    // 48 queries are three 16-lane vectors (v4) or two groups of three 8-lane ones (v3): 8 x 3 (4 x 3) accumulators fill the register file. 128 keys keep a
    // score tile of 24 KiB in L1 and amortise the softmax. docs/performance/cpu.md.
    {"", TargetKind::Cpu, 256, 0, {48, 128, 1, 1, true}},
    // 16 rows a warp: output and score fragments of head 128 take 64 + 32 registers of 255. Two stages hide cp.async behind one tile.
    {"sm_80", TargetKind::Nvidia, 128, 0, {64, 64, 4, 2, false}},
    // Head 256: 128 accumulators for the output leave room for 16 of scores.
    {"sm_80", TargetKind::Nvidia, 256, 0, {64, 32, 4, 1, false}},
    // A wave owns 32 queries (the 32 columns of its matrix instruction); no asynchronous copies yet, so one stage.
    {"gfx942", TargetKind::Amd, 128, 0, {128, 64, 4, 1, true}},
    {"gfx942", TargetKind::Amd, 256, 0, {128, 32, 4, 1, true}},
};

} // namespace

/// Work items that a few cores find enough of. More shares cost a merge of more states; the number must not depend on the machine that runs.
constexpr int64_t kWantedItems = 16;

std::optional<Schedule> chooseSchedule(const TargetDescription &target, const AttentionShape &shape) {
  const auto *row = llvm::find_if(kRows, [&](const Row &r) {
    bool fits = !r.maxQueries || (shape.queries && *shape.queries <= r.maxQueries);
    return r.kind == target.kind && (r.chip.empty() || r.chip == target.name) && shape.headSize <= r.maxHeadSize && fits;
  });
  if (row == std::end(kRows))
    return std::nullopt;
  Schedule schedule = row->schedule;
  if (row->maxQueries) {
    int64_t rows = *shape.queries * shape.packableHeads;
    schedule.packHeads = shape.packableHeads > 1;
    // Four times the row's where all rows are sure to be there: no second look at the keys. 16,384 keys, 32/8 heads, f32, tiles of 8, 16, 32 rows: 4 queries 5.6,
    // 2.9, - ms, 8 queries 8.4, 5.9, 5.4 ms; absent rows cost as much as others.
    int64_t most = schedule.packHeads && !shape.isUpperBound ? 4 * schedule.tileM : schedule.tileM, tiles = llvm::divideCeil(rows, most);
    schedule.tileM = std::max<int64_t>(llvm::divideCeil(rows, std::max<int64_t>(tiles, 1)), 1);
    if (shape.rowGroups)
      schedule.split = std::max<int64_t>(1, kWantedItems / std::max<int64_t>(*shape.rowGroups / shape.packableHeads, 1));
  }
  return schedule;
}

Schedule fitToBlocks(Schedule schedule, const TargetDescription &target, int64_t queries, int64_t keys) {
  if (target.kind != TargetKind::Cpu)
    return schedule;
  // A third above the row's is still a register block and an L1 tile away: 64 queries instead of 48 for blocks of 64 and 128.
  int64_t lanes = target.vectorBytes / 4;
  for (int64_t m = schedule.tileM * 4 / 3 / lanes * lanes; queries > 0 && m >= lanes; m -= lanes)
    if (queries % m == 0) {
      schedule.tileM = m;
      break;
    }
  // Tiles below 32 keys cost more in their softmax than they save.
  for (int64_t n : {128, 64, 32})
    if (keys > 0 && n <= schedule.tileN && keys % n == 0) {
      schedule.tileN = n;
      break;
    }
  return schedule;
}

} // namespace lacuna
