// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// table.md. Ratios come first: milliseconds of two machines, or of two hours of one, do not compare.
#include "Document.h"
#include "JsonReader.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lacuna::bench;

static std::string cell(const Json &json) { return json.is_string() ? json.get<std::string>() : "-"; }

/// printf, because formatv has no %g; "-" for what was not measured.
static std::string number(const char *format, const Json &json, double factor = 1) {
  if (!json.is_number())
    return "-";
  char text[64];
  snprintf(text, sizeof(text), format, json.get<double>() * factor);
  return text;
}

/// Baselines in the order of their first appearance.
static std::vector<std::string> baselinesOf(const Json &entries) {
  std::vector<std::string> names;
  for (const Json &entry : entries)
    for (const Json &comparison : memberOf(entry, "comparisons"))
      if (std::string name = cell(memberOf(comparison, "baseline")); !llvm::is_contained(names, name))
        names.push_back(name);
  return names;
}

/// Level from which the worst output passes, as a mark of correctness: "1.53 (-6)".
static std::string comparisonText(const Json &comparison) {
  if (memberOf(comparison, "status") != Json("ok"))
    return cell(memberOf(comparison, "status"));
  int worst = -10;
  bool never = memberOf(comparison, "outputs").empty();
  for (const Json &output : memberOf(comparison, "outputs")) {
    const Json &levels = memberOf(output, "all_close");
    int level = -10;
    while (level <= 5 && memberOf(levels, std::to_string(level).c_str()) != Json(true))
      ++level;
    never |= level > 5;
    worst = std::max(worst, level);
  }
  std::string speedup = number("%.2f", memberOf(memberOf(comparison, "speedup"), "e2e"));
  return speedup + (never ? " (wrong)" : " (" + std::to_string(worst) + ")");
}

static std::string row(const Json &entry, const std::vector<std::string> &baselines) {
  const Json &ours = memberOf(memberOf(entry, "sides"), "ours"), &quality = memberOf(entry, "quality");
  const Json &tiles = memberOf(ours, "tiles"), &full = memberOf(tiles, "full"), &partial = memberOf(tiles, "partial");
  std::string visited =
      full.is_number() && partial.is_number()
          ? std::to_string(full.get<int64_t>() + partial.get<int64_t>()) + " / " + memberOf(tiles, "total").dump()
          : "-";
  std::string text = "| " + cell(memberOf(entry, "name")) + " | " + cell(memberOf(entry, "dtype"));
  text += " | " + (memberOf(entry, "status") == Json("ok")
                       ? number("%.3f", memberOf(memberOf(ours, "seconds"), "median"), 1e3) +
                             (memberOf(entry, "fluctuating") == Json(true) ? " ~" : "")
                       : cell(memberOf(entry, "status")));
  for (const std::string &baseline : baselines) {
    std::string found;
    for (const Json &comparison : memberOf(entry, "comparisons"))
      if (cell(memberOf(comparison, "baseline")) == baseline)
        found = comparisonText(comparison);
    text += " | " + found;
  }
  text += " | " + number("%.3g", memberOf(ours, "max_row_relative_error")) +
          (memberOf(ours, "passed") == Json(false) ? " WRONG" : "");
  text += " | " + visited + " | " + number("%.3f", memberOf(quality, "density")) + " | " +
          number("%.2f", memberOf(quality, "over_attention")) + " | " +
          number("%.3f", memberOf(quality, "softmax_mass_kept")) + " | " +
          number("%.2f", memberOf(ours, "compile_seconds"));
  return text + " |\n";
}

std::string lacuna::bench::makeTable(const Json &result) {
  const Json &entries = memberOf(result, "entries"), &machine = memberOf(result, "machine");
  std::vector<std::string> baselines = baselinesOf(entries);
  std::string text = llvm::formatv(
      "# {0}\n\n{1}: {2}, {3} cores, {4} threads, load {5} before the run; lacuna {6}, commit {7}.\n\n",
      cell(memberOf(result, "suite")), cell(memberOf(result, "started")), cell(memberOf(machine, "cpu")),
      memberOf(machine, "cores").dump(), memberOf(machine, "threads").dump(), number("%.1f", memberOf(machine, "load")),
      cell(memberOf(result, "lacuna_version")), cell(memberOf(machine, "commit")));
  std::string rule = "|---|---|---";
  text += "| entry | dtype | ours, ms";
  for (const std::string &baseline : baselines) {
    text += " | x " + baseline;
    rule += "|---";
  }
  text += " | error | tiles visited | density | over-attention | mass kept | compile, s |\n" + rule +
          "|---|---|---|---|---|---|\n";
  for (const Json &entry : entries)
    text += row(entry, baselines);
  text += "\nx BASELINE: its median time over ours, above 1 ours is faster; in brackets the lowest tolerance level "
          "from which our results agree (-10 strictest). "
          "error: largest against the f64 reference, relative to its row. ~: times fluctuate. Over-attention: share of "
          "tiles visited / density. Mass kept: of "
          "dense softmax.\n";
  return text;
}
