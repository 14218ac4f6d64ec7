// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The registered ranges of global memory: is an access inside one, and if not, which one was meant.
#ifndef LACUNA_RUNTIME_EMULATOR_GLOBALMEMORY_H
#define LACUNA_RUNTIME_EMULATOR_GLOBALMEMORY_H

#include "runtime/emulator/Emulator.h"

namespace lacuna::emulator {

class GlobalMemory {
public:
  explicit GlobalMemory(const EmulatedLaunch &launch);

  /// Empty if the access is inside one range that allows it, else what is wrong with it.
  /// `lastHit` is the caller's cache of the range it found last.
  std::string check(const void *address, int64_t bytes, bool write, size_t &lastHit) const;

private:
  bool allows(const EmulatedRange &range, const void *address, int64_t bytes, bool write) const;
  std::string explain(const void *address, int64_t bytes, bool write) const;

  std::vector<EmulatedRange> ranges; // few: a linear search behind the cache is enough, and ranges may overlap
};

} // namespace lacuna::emulator

#endif // LACUNA_RUNTIME_EMULATOR_GLOBALMEMORY_H
