// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Tool.h"

#include "Outputs.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <chrono>

using namespace lacuna;
using namespace lacuna::run;
using namespace lacuna::runtime;
using llvm::StringRef;

namespace {
/// One invocation, step by step.
class Tool {
public:
  Tool(const ToolOptions &options, const CompileFunction &compile) : options(options), compile(compile) {}

  Status checkOptions() const;
  Status readInput();
  Status load();
  Status makeArguments();
  Status runDevice();
  Status runReference();
  Status writeResults() const;

  Report report;

private:
  bool isArtifact() const { return StringRef(input).starts_with("LACUNA\r\n"); }
  CompileRequest deviceRequest() const;
  Result<std::string> compileArtifact(const CompileRequest &request, StringRef source);
  Result<std::string> referenceSource() const;
  void describeRun();
  Status compareResults(const lacunaProgram *reference, int64_t referenceEntry,
                        const std::vector<HostTensor> &expected);

  const ToolOptions &options;
  const CompileFunction &compile;
  std::string input; ///< module text or artifact bytes
  std::vector<OutputFile> outputs;
  DeviceHandle device;
  ProgramHandle program;
  int64_t entry = 0;
  std::vector<HostValue> values;
  Outcome outcome;
};
} // namespace

//===--- Input ----------------------------------------------------------------------------------------------------===//

Status Tool::checkOptions() const {
  auto wrong = [](std::optional<double> tolerance) { return tolerance && !(*tolerance >= 0); };
  if (wrong(options.atol) || wrong(options.rtol))
    return invalidArgument("--atol and --rtol expect 0 or more");
  if ((options.atol || options.rtol) && !options.check)
    return invalidArgument("--atol and --rtol need --check");
  if (options.repeat < 1)
    return expectsButGot("--repeat", "1 or more", std::to_string(options.repeat));
  return success();
}

Status Tool::readInput() {
  auto file = llvm::MemoryBuffer::getFileOrSTDIN(options.input, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return failure(LACUNA_IO_ERROR, "cannot read '" + options.input + "': " + file.getError().message());
  input = (*file)->getBuffer().str();
  if (isArtifact() && !(options.compile.targets.empty() && options.compile.scheduleFile.empty()))
    return invalidArgument("--target and --schedule say how to compile, but '" + options.input + "' is compiled");
  return success();
}

/// Failures are reported by the compiler: their message here is empty.
Result<std::string> Tool::compileArtifact(const CompileRequest &request, StringRef source) {
  std::string name = isArtifact() ? options.input + ":source" : options.input == "-" ? "<stdin>" : options.input;
  std::optional<std::string> bytes = compile(source, name, request);
  return bytes ? Result<std::string>(std::move(*bytes)) : failure(LACUNA_INVALID_ARGUMENT, "");
}

/// The device says what to compile for, unless --target does.
CompileRequest Tool::deviceRequest() const {
  CompileRequest request = options.compile;
  if (request.targets.empty())
    request.targets = {options.device == "cpu" ? "native" : options.device};
  return request;
}

Status Tool::load() {
  // The device first: it may not exist, and compiling takes time.
  Result<DeviceHandle> opened = openDevice(options.device, options.threads);
  if (!opened.ok())
    return opened.status();
  device = std::move(*opened);
  std::string compiled;
  if (!isArtifact()) {
    auto start = std::chrono::steady_clock::now();
    Result<std::string> bytes = compileArtifact(deviceRequest(), input);
    if (!bytes.ok())
      return bytes.status();
    compiled = std::move(*bytes);
    report.compileSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  Result<ProgramHandle> loaded = loadProgram(isArtifact() ? input : compiled);
  if (!loaded.ok())
    return loaded.status();
  program = std::move(*loaded);
  Result<int64_t> found = findEntry(program.get(), options.compile.entry);
  if (!found.ok())
    return found.status();
  entry = *found;
  // Before anything runs: a check that cannot be made should not cost a run.
  Result<std::string> source = options.check ? referenceSource() : std::string();
  return source.ok() ? success() : source.status();
}

Status Tool::makeArguments() {
  std::vector<Assignment> assignments;
  for (const std::string &text : options.arguments) {
    Result<Assignment> assignment = parseAssignment(text);
    if (!assignment.ok())
      return Status{assignment.status().code, "--arg " + assignment.status().message};
    assignments.push_back(*assignment);
  }
  Result<std::vector<OutputFile>> files = planOutputs(program.get(), entry, options.outputs);
  if (!files.ok())
    return files.status();
  outputs = std::move(*files);
  Result<std::vector<HostValue>> made = makeValues(program.get(), entry, assignments);
  if (!made.ok())
    return made.status();
  values = std::move(*made);
  return success();
}

//===--- Runs -----------------------------------------------------------------------------------------------------===//

void Tool::describeRun() {
  lacunaEntryInfo entryInfo = {};
  lacunaProgramEntry(program.get(), entry, &entryInfo);
  lacunaTargetInfo target = {};
  lacunaProgramTarget(program.get(), outcome.target, &target);
  report.entry = entryInfo.name;
  report.device = options.device;
  report.target = target.name;
  report.schedule = target.schedule;
  report.seconds = outcome.seconds;
  report.counts = outcome.counts;
  for (size_t i = 0; i < values.size(); ++i) {
    lacunaArgumentInfo info = {};
    lacunaProgramArgument(program.get(), entry, int64_t(i), &info);
    report.arguments.push_back(std::string(info.name) + ": " + valueText(values[i]));
  }
  if (!values.empty()) {
    report.dtype = values[0].dtype;
    report.shape = values[0].tensor.shape;
  }
}

Status Tool::runDevice() {
  Result<Outcome> run = execute(program.get(), device.get(), entry, values, options.repeat);
  if (!run.ok())
    return run.status();
  outcome = std::move(*run);
  describeRun();
  return success();
}

Result<std::string> Tool::referenceSource() const {
  if (!isArtifact())
    return input;
  const char *source = lacunaProgramSource(program.get());
  if (!source)
    return invalidArgument("--check needs the source, which '" + options.input +
                           "' does not have: compile it with --embed-source");
  return std::string(source);
}

Status Tool::runReference() {
  Result<std::string> source = referenceSource();
  if (!source.ok())
    return source.status();
  CompileRequest request = options.compile;
  request.targets = {"native"};
  request.scheduleFile.clear();
  request.entry = report.entry;
  request.reference = true;
  Result<std::string> bytes = compileArtifact(request, *source);
  if (!bytes.ok())
    return bytes.status();
  Result<ProgramHandle> reference = loadProgram(*bytes);
  if (!reference.ok())
    return reference.status();
  Result<int64_t> found = findEntry(reference->get(), report.entry);
  if (!found.ok())
    return found.status();
  Result<DeviceHandle> cpu = openDevice("cpu", options.threads);
  if (!cpu.ok())
    return cpu.status();
  Result<Outcome> run = execute(reference->get(), cpu->get(), *found, values, 1);
  if (!run.ok())
    return Status{run.status().code, "reference: " + run.status().message};
  return compareResults(reference->get(), *found, run->results);
}

Status Tool::compareResults(const lacunaProgram *reference, int64_t referenceEntry,
                            const std::vector<HostTensor> &expected) {
  if (expected.size() != outcome.results.size())
    return failure(LACUNA_INTERNAL_ERROR, "the reference has another number of results");
  const HostValue *input = nullptr; // the first tensor
  for (const HostValue &value : values)
    if (!input && value.kind == LACUNA_TENSOR)
      input = &value;
  report.check.emplace();
  for (size_t i = 0; i < expected.size(); ++i) {
    const HostTensor &got = outcome.results[i];
    lacunaArgumentInfo info = {};
    lacunaProgramResult(program.get(), entry, int64_t(i), &info);
    if (got.dtype != expected[i].dtype || got.shape != expected[i].shape)
      return expectsButGot("result '" + std::string(info.name) + "'",
                           typeText(expected[i].dtype, expected[i].shape) + " as the reference",
                           typeText(got.dtype, got.shape));
    Rule rule = chooseRule(got.dtype, got.shape.size(), input ? input->dtype : got.dtype,
                           input ? input->tensor.shape.size() : 0, options.atol, options.rtol);
    report.check->push_back({info.name, compare(got, expected[i], rule)});
  }
  return success();
}

Status Tool::writeResults() const {
  for (const OutputFile &file : outputs)
    if (Status status = writeOutput(file, outcome.results); !status.ok())
      return status;
  if (options.jsonPath.empty() || options.jsonPath == "-")
    return success();
  return writeFile(options.jsonPath, toJson(report));
}

bool lacuna::run::runTool(const ToolOptions &options, const CompileFunction &compile, llvm::raw_ostream &out,
                          llvm::raw_ostream &err) {
  Tool tool(options, compile);
  Status status = tool.checkOptions();
  for (Status (Tool::*step)() : {&Tool::readInput, &Tool::load, &Tool::makeArguments, &Tool::runDevice})
    if (status.ok())
      status = (tool.*step)();
  if (status.ok() && options.check)
    status = tool.runReference();
  if (status.ok())
    status = tool.writeResults();
  if (!status.ok()) {
    if (!status.message.empty())
      err << "lacuna-run: error: " << status.message << "\n";
    return false;
  }
  bool jsonOut = options.jsonPath == "-";
  (jsonOut ? err : out) << toText(tool.report);
  if (jsonOut)
    out << toJson(tool.report);
  return tool.report.passed();
}
