// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bounds of global memory.
#include "runtime/emulator/GlobalMemory.h"

#include <algorithm>

using namespace lacuna::emulator;

GlobalMemory::GlobalMemory(const EmulatedLaunch &launch) : ranges(launch.ranges) {
  ranges.push_back({launch.params, launch.paramsBytes, "the parameter block", false});
}

/// Offset of the address in the range; outside [0, range.bytes) when it is not inside.
static int64_t offsetIn(const EmulatedRange &range, const void *address) {
  return int64_t(uintptr_t(address) - uintptr_t(range.begin));
}

bool GlobalMemory::allows(const EmulatedRange &range, const void *address, int64_t bytes, bool write) const {
  int64_t offset = offsetIn(range, address);
  return offset >= 0 && bytes <= range.bytes && offset <= range.bytes - bytes && (range.writable || !write);
}

std::string GlobalMemory::check(const void *address, int64_t bytes, bool write, size_t &lastHit) const {
  if (lastHit < ranges.size() && allows(ranges[lastHit], address, bytes, write))
    return "";
  for (size_t i = 0; i < ranges.size(); ++i) {
    if (allows(ranges[i], address, bytes, write)) {
      lastHit = i;
      return "";
    }
  }
  return explain(address, bytes, write);
}

std::string GlobalMemory::explain(const void *address, int64_t bytes, bool write) const {
  std::string access = std::to_string(bytes) + "-byte " + (write ? "write" : "read");
  const EmulatedRange *nearest = nullptr;
  int64_t best = INT64_MAX;
  for (const EmulatedRange &range : ranges) {
    if (!range.writable && allows(range, address, bytes, false))
      return "global " + access + " of " + range.name + ", which is read-only";
    int64_t offset = offsetIn(range, address);
    int64_t distance = offset < 0 ? -offset : std::max<int64_t>(0, offset - range.bytes);
    if (distance < best) {
      best = distance;
      nearest = &range;
    }
  }
  // Far from everything the offset says nothing.
  if (!address || best > (int64_t(1) << 32))
    return "global out-of-bounds " + access + ": expects an address in a registered range, but got " +
           (address ? "one far from all" : "null");
  return "global out-of-bounds " + access + ": expects offsets in [0, " + std::to_string(nearest->bytes) + ") of " +
         nearest->name + ", but got " + std::to_string(offsetIn(*nearest, address));
}
