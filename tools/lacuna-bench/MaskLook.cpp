// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "MaskLook.h"

#include "dialects/Attn/Attn.h"
#include "runtime/DType.h"
#include "tools/lacuna-mask/MaskStatistics.h"
#include "tools/lacuna-mask/Picture.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"

#include <chrono>
#include <cstring>

using namespace lacuna;
using namespace lacuna::bench;
using namespace lacuna::run;

/// Tiles that the statistics walk in; a uniform one is counted at once.
static constexpr int64_t tileRows = 64, tileColumns = 64;

namespace {
struct Extent {
  int64_t batch = 1, heads = 1;
  MaskSize size;
};
} // namespace

static ProbeArgumentValue convert(const HostValue &value) {
  ProbeArgumentValue result;
  result.isTensor = value.kind == LACUNA_TENSOR;
  if (result.isTensor) {
    result.bytes = value.tensor.bytes;
    result.shape = value.tensor.shape;
    return result;
  }
  HostTensor scalar;
  scalar.dtype = value.dtype;
  scalar.bytes.resize(lacunaDTypeSize(value.dtype));
  if (runtime::isFloat(value.dtype))
    scalar.setReal(0, value.real);
  else
    scalar.setInteger(0, value.integer);
  result.bytes = std::move(scalar.bytes);
  return result;
}

/// The shape of an operand that is an argument of the function.
static const std::vector<int64_t> *shapeOf(mlir::Value operand, mlir::func::FuncOp function,
                                           const std::vector<HostValue> &values) {
  auto argument = mlir::dyn_cast<mlir::BlockArgument>(operand);
  if (!argument || argument.getOwner() != &function.front() || argument.getArgNumber() >= values.size())
    return nullptr;
  return &values[argument.getArgNumber()].tensor.shape;
}

static std::optional<Extent> describe(mlir::func::FuncOp function, const std::vector<HostValue> &values) {
  std::vector<attn::AttentionOp> ops;
  bool hasStates = false;
  function.walk([&](attn::AttentionOp op) { ops.push_back(op); });
  function.walk([&](attn::AttentionStateOp) { hasStates = true; });
  if (ops.size() != 1 || hasStates)
    return std::nullopt;
  auto *q = shapeOf(ops[0].getQuery(), function, values), *k = shapeOf(ops[0].getKey(), function, values);
  if (!q || !k)
    return std::nullopt;
  attn::Dims dims = ops[0].getDims();
  Extent extent;
  extent.batch = dims.batch < 0 ? 1 : (*q)[size_t(dims.batch)];
  extent.heads = (*q)[size_t(dims.head)];
  extent.size = {(*q)[size_t(dims.sequence)], (*k)[size_t(dims.sequence)], tileRows, tileColumns};
  return extent;
}

static std::string draw(BoundProbe &probe, const MaskSize &size, const std::string &title) {
  Picture picture(size);
  probe.setHead(0, 0);
  MaskStatistics statistics = collectStatistics(probe, size, WalkAxis::Keys,
                                                [&](int64_t row, int64_t rows, int64_t column, int64_t columns,
                                                    TileKind kind) { picture.add(row, rows, column, columns, kind); });
  if (picture.showsPairs())
    picture.addPairs(probe);
  std::string svg;
  llvm::raw_string_ostream os(svg);
  picture.write(os, title, statistics);
  return svg;
}

/// The sum over batch entries and heads; nothing if time runs out.
static std::optional<double> count(BoundProbe &probe, const Extent &extent, double seconds) {
  auto start = std::chrono::steady_clock::now();
  double attended = 0;
  for (int64_t batch = 0; batch < extent.batch; ++batch)
    for (int64_t head = 0; head < extent.heads; ++head) {
      if (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() > seconds)
        return std::nullopt;
      probe.setHead(batch, head);
      attended += double(collectStatistics(probe, extent.size).attended);
    }
  return attended;
}

std::optional<MaskLook> lacuna::bench::lookAtMask(llvm::StringRef source, const std::string &entry,
                                                  const std::vector<std::string> &maskLibraries,
                                                  const std::vector<HostValue> &values, double seconds) {
  mlir::DialectRegistry registry;
  MaskProbe::registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler quiet(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  auto module = mlir::parseSourceString<mlir::ModuleOp>(source, &context);
  auto function = module ? module->lookupSymbol<mlir::func::FuncOp>(entry) : mlir::func::FuncOp();
  std::optional<Extent> extent = function ? describe(function, values) : std::nullopt;
  if (!extent)
    return std::nullopt;
  double pairs =
      double(extent->batch) * double(extent->heads) * double(extent->size.queries) * double(extent->size.keys);
  bool hasMask = false;
  function.walk([&](attn::AttentionOp op) { hasMask = bool(op.getMask()); });
  if (pairs == 0)
    return std::nullopt;
  if (!hasMask)
    return MaskLook();
  if (mlir::failed(MaskProbe::makeProbes(*module, maskLibraries, /*rows=*/true)))
    return std::nullopt;
  std::unique_ptr<MaskProbe> probes = MaskProbe::compile(*module, /*optimize=*/true);
  BoundProbe::Function probed = probes ? probes->find(entry, 0) : nullptr;
  if (!probed)
    return std::nullopt;
  std::vector<ProbeArgumentValue> arguments;
  for (const HostValue &value : values)
    arguments.push_back(convert(value));
  BoundProbe probe(probed, arguments, 0, 0, extent->size.queries, extent->size.keys);
  std::optional<double> attended = count(probe, *extent, seconds);
  if (!attended)
    return std::nullopt;
  return MaskLook{*attended / pairs, draw(probe, extent->size, entry)};
}
