// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/Tool.h"
#include "tools/lacuna-mask/AxisProbes.h"
#include "tools/lacuna-mask/Fail.h"
#include "tools/lacuna-mask/Reporter.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;

namespace lacuna {
namespace {

class Tool {
public:
  explicit Tool(const MaskOptions &options) : options(options) {}
  LogicalResult run();

private:
  LogicalResult showModule(ModuleOp module);
  LogicalResult collectInputs(ModuleOp module);
  LogicalResult report(const MaskProbe *probes);

  const MaskOptions &options;
  Subject subject;
  ProbeArguments arguments;
  std::optional<ProbeArguments> lengthArguments; ///< of the function of the lengths, where there is one
  std::vector<AxisArguments> axes;               ///< by dimension, if the mask is a neighborhood in --space
};

LogicalResult Tool::run() {
  DialectRegistry registry;
  MaskProbe::registerDialects(registry);
  MLIRContext context(registry);
  context.disableMultithreading();
  std::string problem;
  std::unique_ptr<llvm::MemoryBuffer> buffer = mlir::openInputFile(options.input, &problem);
  if (!buffer)
    return fail(problem);
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(buffer), SMLoc());
  SourceMgrDiagnosticHandler diagnostics(sources, &context, llvm::errs());
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &context);
  return module ? showModule(*module) : failure();
}

LogicalResult Tool::showModule(ModuleOp module) {
  func::FuncOp entry = findEntry(module, options);
  if (!entry || failed(describeSubject(entry, options, subject)))
    return failure();
  if (options.space && addAxisFunctions(entry, options.space->rank()))
    axes.resize(options.space->rank());
  if (failed(MaskProbe::makeProbes(module, options.libraries, /*rows=*/true)) || failed(collectInputs(module)))
    return failure();
  return report(MaskProbe::compile(module, /*optimize=*/true).get());
}

LogicalResult Tool::collectInputs(ModuleOp module) {
  auto collect = [&](StringRef name, ProbeArguments &into) {
    llvm::Expected<ProbeArguments> found = collectArguments(subject, module.lookupSymbol<func::FuncOp>(MaskProbe::probeName(name, 0)));
    if (!found)
      return fail(found.takeError());
    into = std::move(*found);
    return success();
  };
  if (failed(collect(subject.entry, arguments)) || failed(collectLengthArguments(subject, module, lengthArguments)))
    return failure();
  for (auto [dim, axis] : llvm::enumerate(axes))
    if (failed(collect(axisFunction(subject.entry, dim), axis.own)) || failed(collect(strideFunction(subject.entry, dim), axis.strided)))
      return failure();
  return success();
}

/// `probes` may be null.
LogicalResult Tool::report(const MaskProbe *probes) {
  BoundProbe::Function function = probes ? probes->find(subject.entry, 0) : nullptr;
  if (!function)
    return fail("cannot compile the mask of @" + subject.entry);
  if (failed(fitLengths(*probes, lengthArguments, options, subject)))
    return failure();
  Reporter reporter(options, subject);
  if (!axes.empty())
    return reporter.reportAxes(*probes, axes);
  return options.space ? reporter.reportSpace(function, arguments) : reporter.reportMask(function, arguments);
}

} // namespace

LogicalResult runTool(const MaskOptions &options) { return Tool(options).run(); }

} // namespace lacuna
