// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Memory.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <sys/resource.h>

using namespace lacuna::bench;

int64_t lacuna::bench::peakMemoryBytes() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return int64_t(usage.ru_maxrss) * 1024;
}

/// A line "KEY:  N kB" of /proc/self/status.
static std::optional<int64_t> statusBytes(const std::string &key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.compare(0, key.size() + 1, key + ":") == 0)
      return int64_t(std::stoll(line.substr(key.size() + 1))) * 1024;
  return std::nullopt;
}

/// Writing 5 there makes the peak start anew.
MemoryRise::MemoryRise() {
  std::ofstream reset("/proc/self/clear_refs");
  if (reset << "5" << std::flush)
    before = statusBytes("VmRSS");
}

std::optional<int64_t> MemoryRise::bytes() const {
  std::optional<int64_t> peak = statusBytes("VmHWM");
  return before && peak ? std::optional(std::max<int64_t>(*peak - *before, 0)) : std::nullopt;
}
