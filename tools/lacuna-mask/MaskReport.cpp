// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/MaskReport.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

namespace lacuna {
namespace {

/// Attended share, and all tiles over visited ones; absent where there is nothing to divide by.
std::optional<double> density(const MaskSize &size, const MaskStatistics &statistics) {
  double pairs = static_cast<double>(size.queries) * static_cast<double>(size.keys);
  return pairs == 0 ? std::nullopt : std::optional(statistics.attended / pairs);
}
std::optional<double> speedupBound(const MaskStatistics &statistics) {
  int64_t visited = statistics.full + statistics.partial;
  return visited == 0 ? std::nullopt : std::optional(static_cast<double>(statistics.tiles()) / visited);
}

} // namespace

void writeMaskText(llvm::raw_ostream &os, llvm::StringRef title, const MaskSize &size, const MaskStatistics &s) {
  auto number = [&](std::optional<double> x) { return x ? llvm::formatv("{0:f4}", *x).str() : std::string("none"); };
  os << title << "\n"
     << "density         " << number(density(size, s)) << "\n"
     << "tiles           " << s.tiles() << ": " << s.full << " full, " << s.partial << " partial, " << s.empty << " empty\n"
     << "row runs        " << s.rowRuns << "\n"
     << "column runs     " << s.columnRuns << "\n"
     << "speed-up bound  " << number(speedupBound(s)) << "\n";
  if (s.doubtful)
    os << "note: the analysis cannot tell that " << s.doubtful << " of the full and empty tiles are so, and calls them partial\n";
}

void writeMaskJson(llvm::raw_ostream &os, const MaskSize &size, const MaskStatistics &s) {
  llvm::json::OStream json(os, 2);
  auto number = [&](const char *key, std::optional<double> x) { json.attribute(key, x ? llvm::json::Value(*x) : llvm::json::Value(nullptr)); };
  json.object([&] {
    json.attribute("schema_version", 1);
    number("density", density(size, s));
    json.attributeObject("tiles", [&] {
      json.attribute("total", s.tiles());
      json.attribute("full", s.full);
      json.attribute("partial", s.partial);
      json.attribute("empty", s.empty);
    });
    json.attribute("row_runs", s.rowRuns);
    json.attribute("column_runs", s.columnRuns);
    number("speedup_bound", speedupBound(s));
  });
  os << "\n";
}

} // namespace lacuna
