// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How far a run is: one line that changes on a terminal, else one line per entry.
#ifndef LACUNA_TOOLS_BENCH_PROGRESS_H
#define LACUNA_TOOLS_BENCH_PROGRESS_H

#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <string>

namespace lacuna::bench {

class Progress {
public:
  Progress(llvm::raw_ostream &os, bool terminal, size_t total) : os(os), terminal(terminal), total(total) {}

  void begin(const std::string &name);
  /// `summary` is shown where lines stay. Entries that were not measured say nothing about the time left.
  void end(const std::string &name, const std::string &summary, bool measured);
  /// Clears the line.
  void close();

private:
  std::string left() const;

  llvm::raw_ostream &os;
  bool terminal;
  size_t total, done = 0, measured = 0;
  double seconds = 0; ///< of the measured ones
  std::chrono::steady_clock::time_point start;
};

/// "42 s", "3 min", "1 h 20 min".
std::string durationText(double seconds);

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_PROGRESS_H
