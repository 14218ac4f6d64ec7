// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rows are tried in order; each says why it is there. Replace a row when a measurement says so, and write the measurement down.
#include "lib/Target/Schedules.h"

#include "llvm/ADT/STLExtras.h"

namespace lacuna {
namespace {

struct Row {
  llvm::StringRef chip; // empty: every chip of the kind
  TargetKind kind;
  int64_t maxHeadSize;
  Schedule schedule;
};

const Row kRows[] = {
    // AMX: units of 32 x 32; 96 queries also are two groups of three vectors for f32. 64 keys keep the score tile at 24 KiB. Not measured: no machine yet.
    {"sapphirerapids", TargetKind::Cpu, 256, {96, 64, 1, 1, true}},
    // 48 queries are three 16-lane vectors (v4) or two groups of three 8-lane ones (v3): 8 x 3 (4 x 3) accumulators fill the register file. 128 keys keep a
    // score tile of 24 KiB in L1 and amortise the softmax. docs/performance/cpu.md.
    {"", TargetKind::Cpu, 256, {48, 128, 1, 1, true}},
    // 16 rows a warp: output and score fragments of head 128 take 64 + 32 registers of 255. Two stages hide cp.async behind one tile.
    {"sm_80", TargetKind::Nvidia, 128, {64, 64, 4, 2, false}},
    // Head 256: 128 accumulators for the output leave room for 16 of scores.
    {"sm_80", TargetKind::Nvidia, 256, {64, 32, 4, 1, false}},
    // A wave owns 32 queries (the 32 columns of its matrix instruction); no asynchronous copies yet, so one stage.
    {"gfx942", TargetKind::Amd, 128, {128, 64, 4, 1, true}},
    {"gfx942", TargetKind::Amd, 256, {128, 32, 4, 1, true}},
};

} // namespace

const Schedule *chooseSchedule(const TargetDescription &target, int64_t headSize) {
  const auto *row = llvm::find_if(kRows, [&](const Row &r) {
    return r.kind == target.kind && (r.chip.empty() || r.chip == target.name) && headSize <= r.maxHeadSize;
  });
  return row == std::end(kRows) ? nullptr : &row->schedule;
}

} // namespace lacuna
