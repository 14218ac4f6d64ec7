// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/Reporter.h"
#include "tools/lacuna-mask/AxisProbes.h"
#include "tools/lacuna-mask/Fail.h"
#include "tools/lacuna-mask/MaskReport.h"
#include "tools/lacuna-mask/OutputFiles.h"
#include "tools/lacuna-mask/Picture.h"

using namespace mlir;

namespace lacuna {

// Some seconds on any machine, and much less memory than it has.
static constexpr int64_t kMaxSteps = int64_t(1) << 32, kMaxBytes = int64_t(1) << 29;

Reporter::Reporter(const MaskOptions &options, const Subject &subject) : options(options), subject(subject), budget(kMaxSteps, kMaxBytes) {}

std::string Reporter::title() const {
  std::string name = "@" + subject.entry + (subject.numAttentions > 1 ? ", attention 0 of " + std::to_string(subject.numAttentions) : "");
  const MaskSize &s = subject.size;
  return (name + ": " + Twine(s.queries) + " x " + Twine(s.keys) + " pairs in tiles of " + Twine(s.tileM) + " x " + Twine(s.tileN) + ", batch " +
          Twine(options.batch) + ", head " + Twine(options.head))
      .str();
}

LogicalResult Reporter::checkBudget() const {
  if (!budget.isSpent())
    return success();
  return fail("expects a mask that takes at most " + (budget.isOutOfMemory() ? Twine(kMaxBytes >> 20) + " MiB of tables" : Twine(kMaxSteps) + " steps") +
              ", but got @" + subject.entry + " at " + Twine(subject.size.queries) + " x " + Twine(subject.size.keys) + " pairs; " +
              (options.space ? "other tiles (--q-tile, --kv-tile) or a smaller --space take less" : "other tiles (--tile) or a smaller --size take less"));
}

LogicalResult Reporter::reportMask(BoundProbe::Function function, const ProbeArguments &arguments) {
  const MaskSize &size = subject.size;
  BoundProbe probe(function, arguments, options.batch, options.head, size.queries, size.keys, &budget);
  OutputFiles files;
  raw_ostream *svg, *json;
  if (failed(files.open(options.svgPath, svg)) || failed(files.open(options.jsonPath, json)))
    return failure();
  Picture picture(size);
  MaskStatistics statistics =
      collectStatistics(probe, size, WalkAxis::Keys, [&](int64_t row, int64_t rows, int64_t column, int64_t columns, TileKind kind) {
        if (svg)
          picture.add(row, rows, column, columns, kind);
      });
  if (failed(checkBudget()))
    return failure();
  if (svg) {
    if (picture.showsPairs())
      picture.addPairs(probe);
    picture.write(*svg, title(), statistics);
  }
  if (json)
    writeMaskJson(*json, size, statistics);
  if (failed(files.keep()))
    return failure();
  if (options.jsonPath != "-" && options.svgPath != "-")
    writeMaskText(llvm::outs(), title(), size, statistics);
  return success();
}

LogicalResult Reporter::reportSpace(BoundProbe::Function function, const ProbeArguments &arguments) {
  BoundProbe probe(function, arguments, options.batch, options.head, subject.size.queries, subject.size.keys, &budget);
  SpaceReport report;
  report.space = *options.space;
  report.statistics = simulateSpace(probe, report.space);
  return failed(checkBudget()) ? failure() : write(report);
}

LogicalResult Reporter::reportAxes(const MaskProbe &probes, ArrayRef<AxisArguments> axes) {
  int64_t batch = options.batch, head = options.head;
  SpaceReport report;
  report.space = *options.space;
  std::vector<SpaceStatistics> statistics;
  for (auto [dim, values] : llvm::enumerate(axes)) {
    BoundProbe::Function own = probes.find(axisFunction(subject.entry, dim), 0), strided = probes.find(strideFunction(subject.entry, dim), 0);
    if (!own || !strided)
      return fail("cannot compile the mask of @" + subject.entry);
    TiledSpace axis = report.space.axis(dim);
    if (!hasExtent(strided, values.strided, batch, head, axis.points()))
      return fail("--space " + options.spaceText + " does not fit the neighborhood of @" + subject.entry + " in dimension " + Twine(dim));
    report.perfectStrides.push_back(smallestPerfectStride(strided, values.strided, batch, head, axis, budget));
    BoundProbe probe(own, values.own, batch, head, axis.points(), axis.points(), &budget);
    statistics.push_back(simulateSpace(probe, axis));
    if (failed(checkBudget()))
      return failure();
  }
  report.isNeighborhood = true;
  report.statistics = multiplyAxes(statistics);
  return write(report);
}

LogicalResult Reporter::write(const SpaceReport &report) const {
  OutputFiles files;
  raw_ostream *json;
  if (failed(files.open(options.jsonPath, json)))
    return failure();
  if (json)
    report.writeJson(*json);
  if (failed(files.keep()))
    return failure();
  if (options.jsonPath != "-")
    report.writeText(llvm::outs(), "@" + subject.entry);
  return success();
}

} // namespace lacuna
