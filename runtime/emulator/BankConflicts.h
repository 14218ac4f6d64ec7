// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counts bank conflicts of shared memory: 32 banks of 4 bytes, one pass a warp serves one word of each bank.
#ifndef LACUNA_RUNTIME_EMULATOR_BANKCONFLICTS_H
#define LACUNA_RUNTIME_EMULATOR_BANKCONFLICTS_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace lacuna::emulator {

/// Extra passes that `count` simultaneous accesses of `bytes` each need: most distinct words in one bank, minus one.
int64_t bankConflicts(const uint32_t *offsets, int count, int bytes);

/// Lanes of one warp run one after the other; their accesses by the same instruction are matched by number: the n-th
/// of each lane since the last flush ran together. (A lane that skipped an iteration shifts its own: an approximation.)
class WarpAccesses {
public:
  void record(const char *site, int lane, uint32_t offset, int bytes) {
    Site &entry = sites[site];
    if (!entry.pending)
      pending.push_back(&entry);
    entry.pending = true;
    entry.bytes = bytes;
    entry.offsets[size_t(lane)].push_back(offset);
  }
  /// Conflicts of everything recorded, which is then forgotten.
  int64_t flush();

private:
  struct Site {
    int bytes = 0;
    bool pending = false; // recorded since the last flush
    std::array<std::vector<uint32_t>, 32> offsets;
  };
  std::unordered_map<const char *, Site> sites;
  std::vector<Site *> pending;
};

} // namespace lacuna::emulator

#endif // LACUNA_RUNTIME_EMULATOR_BANKCONFLICTS_H
