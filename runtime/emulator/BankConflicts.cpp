// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bank conflicts of one warp.
#include "runtime/emulator/BankConflicts.h"

#include <algorithm>

using namespace lacuna::emulator;

int64_t lacuna::emulator::bankConflicts(const uint32_t *offsets, int count, int bytes) {
  constexpr uint32_t banks = 32;
  uint32_t words[128];
  int used = 0;
  int64_t perBank[banks] = {};
  for (int i = 0; i < count; ++i) {
    for (uint32_t word = offsets[i] / 4; word <= (offsets[i] + uint32_t(bytes) - 1) / 4 && used < 128; ++word) {
      if (std::find(words, words + used, word) != words + used)
        continue; // the same word is broadcast
      words[used++] = word;
      ++perBank[word % banks];
    }
  }
  return std::max<int64_t>(0, *std::max_element(perBank, perBank + banks) - 1);
}

int64_t WarpAccesses::flush() {
  int64_t conflicts = 0;
  for (Site *entry : pending) {
    Site &site = *entry;
    // A pass moves 128 bytes: 8-byte accesses go by half warps, 16-byte ones by quarters.
    int group = site.bytes > 8 ? 8 : site.bytes > 4 ? 16 : 32;
    size_t rounds = 0;
    for (const auto &lane : site.offsets)
      rounds = std::max(rounds, lane.size());
    for (size_t round = 0; round < rounds; ++round) {
      for (int first = 0; first < 32; first += group) {
        uint32_t together[32];
        int count = 0;
        for (int lane = first; lane < first + group; ++lane)
          if (round < site.offsets[size_t(lane)].size())
            together[count++] = site.offsets[size_t(lane)][round];
        if (count > 1)
          conflicts += bankConflicts(together, count, site.bytes);
      }
    }
    for (auto &lane : site.offsets)
      lane.clear();
    site.pending = false;
  }
  pending.clear();
  return conflicts;
}
