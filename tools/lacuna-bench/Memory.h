// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory of this process, as Linux tells it.
#ifndef LACUNA_TOOLS_BENCH_MEMORY_H
#define LACUNA_TOOLS_BENCH_MEMORY_H

#include <cstdint>
#include <optional>

namespace lacuna::bench {

/// The most that this process ever had resident.
int64_t peakMemoryBytes();

/// By how much the peak rises from construction on.
class MemoryRise {
public:
  MemoryRise();
  std::optional<int64_t> bytes() const;

private:
  std::optional<int64_t> before;
};

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_MEMORY_H
