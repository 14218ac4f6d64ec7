// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Progress.h"

#include "llvm/Support/FormatVariadic.h"

using namespace lacuna::bench;

std::string lacuna::bench::durationText(double seconds) {
  int64_t whole = int64_t(seconds + 0.5), minutes = (whole + 30) / 60;
  if (whole < 100)
    return std::to_string(whole) + " s";
  if (minutes < 100)
    return std::to_string(minutes) + " min";
  return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

std::string Progress::left() const {
  if (measured == 0 || done == total)
    return "";
  return "about " + durationText(seconds / double(measured) * double(total - done)) + " left";
}

void Progress::begin(const std::string &name) {
  start = std::chrono::steady_clock::now();
  if (!terminal)
    return;
  constexpr size_t width = 24;
  size_t filled = width * done / total;
  std::string time = left();
  os << "\r\x1b[K[" << std::string(filled, '#') << std::string(width - filled, '.') << "] " << done << "/" << total
     << "  " << (time.empty() ? "" : time + "  ") << name;
  os.flush();
}

void Progress::end(const std::string &name, const std::string &summary, bool wasMeasured) {
  double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  ++done;
  if (wasMeasured) {
    ++measured;
    seconds += elapsed;
  }
  if (terminal)
    return;
  os << "[" << done << "/" << total << "] " << name << ": " << summary;
  if (std::string time = left(); wasMeasured && !time.empty())
    os << "; " << time;
  os << "\n";
  os.flush();
}

void Progress::close() {
  if (terminal)
    os << "\r\x1b[K";
  os.flush();
}
