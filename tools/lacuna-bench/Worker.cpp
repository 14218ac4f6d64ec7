// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Worker.h"

#include "Compile.h"
#include "MaskLook.h"
#include "Execute.h"
#include "Memory.h"
#include "Outputs.h"
#include "Safetensors.h"
#include "runtime/DType.h"

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace lacuna;
using namespace lacuna::bench;
using namespace lacuna::run;
using namespace lacuna::runtime;
using Json = nlohmann::ordered_json;

namespace {
/// What a request came to: an answer, or the stage that failed and why.
struct Failed {
  std::string stage, error;
};

class Worker {
public:
  /// Fills `answer`, or says what went wrong.
  std::optional<Failed> handle(const Json &request, Json &answer);

private:
  std::optional<Failed> prepare(const Json &request, Json &answer);
  std::optional<Failed> compileProgram(const Json &request, Json &answer);
  std::optional<Failed> makeArguments(const Json &request, Json &answer);
  Status writeInputs(const std::string &path) const;
  void describe(Json &answer) const;
  std::optional<Failed> runOnce(Json &answer);
  std::optional<Failed> finish(const Json &request, Json &answer);

  std::string source;
  std::vector<std::string> maskLibraries;
  DeviceHandle device;
  ProgramHandle program;
  int64_t entry = 0;
  std::vector<HostValue> values;
  std::unique_ptr<Session> session;
  std::unique_ptr<MemoryRise> rise;
  std::vector<HostTensor> results; ///< of the first run
  lacunaTileCounts counts = {};
};
} // namespace

static double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

static std::optional<int64_t> optionalInteger(const Json &json) {
  return json.is_number_integer() ? std::optional(json.get<int64_t>()) : std::nullopt;
}

//===--- Preparation ----------------------------------------------------------------------------------------------===//

std::optional<Failed> Worker::compileProgram(const Json &request, Json &answer) {
  std::string deviceName = request["device"];
  Result<DeviceHandle> opened = openDevice(deviceName, optionalInteger(request["threads"]));
  if (!opened.ok())
    return Failed{"compile", opened.status().message};
  device = std::move(*opened);
  source = request["source"];
  maskLibraries = request["mask_libraries"];
  CompileRequest compile;
  compile.targets = {deviceName == "cpu" ? "native" : deviceName};
  compile.maskLibraries = maskLibraries;
  compile.entry = request["entry"];
  compile.scheduleFile = request["schedule"];
  compile.reference = request["reference"];
  compile.dropMasks = request["drop_masks"];
  std::string problems, name = request["name"];
  auto start = std::chrono::steady_clock::now();
  std::optional<std::string> artifact = compileQuietly(source, name, compile, problems);
  if (!artifact)
    return Failed{"compile", problems.empty() ? "the compiler failed" : problems};
  answer["compile_seconds"] = secondsSince(start);
  Result<ProgramHandle> loaded = loadProgram(*artifact);
  if (!loaded.ok())
    return Failed{"compile", loaded.status().message};
  program = std::move(*loaded);
  Result<int64_t> found = findEntry(program.get(), compile.entry);
  if (!found.ok())
    return Failed{"compile", found.status().message};
  entry = *found;
  return std::nullopt;
}

std::optional<Failed> Worker::makeArguments(const Json &request, Json &answer) {
  std::vector<Assignment> assignments;
  for (const Json &text : request["arguments"]) {
    Result<Assignment> assignment = parseAssignment(text.get<std::string>());
    if (!assignment.ok())
      return Failed{"run", assignment.status().message};
    assignments.push_back(*assignment);
  }
  Result<std::vector<HostValue>> made = makeValues(program.get(), entry, assignments);
  if (!made.ok())
    return Failed{"run", made.status().message};
  values = std::move(*made);
  if (request["inputs"].is_string())
    if (Status status = writeInputs(request["inputs"]); !status.ok())
      return Failed{"run", status.message};
  Result<std::unique_ptr<Session>> created = Session::create(program.get(), device.get(), entry, values);
  if (!created.ok())
    return Failed{"run", created.status().message};
  session = std::move(*created);
  describe(answer);
  return std::nullopt;
}

/// Tensors by name; scalars go with the answer.
Status Worker::writeInputs(const std::string &path) const {
  std::vector<NamedTensor> tensors;
  std::vector<std::string> names(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    lacunaArgumentInfo info = {};
    lacunaProgramArgument(program.get(), entry, int64_t(i), &info);
    if (values[i].kind == LACUNA_TENSOR)
      tensors.push_back({info.name, &values[i].tensor});
  }
  return writeFile(path, serializeSafetensors(tensors));
}

void Worker::describe(Json &answer) const {
  Json arguments = Json::object(), scalars = Json::object(), results = Json::array();
  for (size_t i = 0; i < values.size(); ++i) {
    lacunaArgumentInfo info = {};
    lacunaProgramArgument(program.get(), entry, int64_t(i), &info);
    const HostValue &value = values[i];
    if (value.kind == LACUNA_TENSOR) {
      arguments[info.name] = valueText(value);
      continue;
    }
    Json number = isFloat(value.dtype) ? Json(value.real) : Json(value.integer);
    arguments[info.name] = number;
    scalars[info.name] = number;
  }
  lacunaEntryInfo entryInfo = {};
  lacunaProgramEntry(program.get(), entry, &entryInfo);
  for (int64_t i = 0; i < entryInfo.num_results; ++i) {
    lacunaArgumentInfo info = {};
    lacunaProgramResult(program.get(), entry, i, &info);
    results.push_back(info.name);
  }
  lacunaTargetInfo target = {};
  lacunaProgramTarget(program.get(), session->getTarget(), &target);
  answer["entry"] = entryInfo.name;
  answer["arguments"] = arguments;
  answer["scalars"] = scalars;
  answer["results"] = results;
  answer["target"] = target.name;
  answer["schedule"] = target.schedule;
  answer["dtype"] = values.empty() ? Json() : Json(dtypeName(values[0].dtype));
  answer["rank"] = values.empty() ? 0 : values[0].tensor.shape.size();
}

std::optional<Failed> Worker::prepare(const Json &request, Json &answer) {
  if (std::optional<Failed> failed = compileProgram(request, answer))
    return failed;
  std::optional<Failed> failed = makeArguments(request, answer);
  rise = std::make_unique<MemoryRise>();
  return failed;
}

//===--- Runs -----------------------------------------------------------------------------------------------------===//

std::optional<Failed> Worker::runOnce(Json &answer) {
  bool first = results.empty();
  Result<double> seconds = session->run(first ? &counts : nullptr);
  if (!seconds.ok())
    return Failed{"run", seconds.status().message};
  answer["seconds"] = *seconds;
  if (!first)
    return std::nullopt;
  Result<std::vector<HostTensor>> copied = session->copyResults();
  if (!copied.ok())
    return Failed{"run", copied.status().message};
  results = std::move(*copied);
  return std::nullopt;
}

static Json tilesJson(const lacunaTileCounts &counts) {
  if (counts.launches <= 0 || counts.counted_launches != counts.launches)
    return Json();
  Json tiles = {{"total", Json()}, {"full", counts.full}, {"partial", counts.partial}, {"empty", Json()}};
  if (counts.total >= 0) {
    tiles["total"] = counts.total;
    tiles["empty"] = counts.total - counts.full - counts.partial;
  }
  return tiles;
}

std::optional<Failed> Worker::finish(const Json &request, Json &answer) {
  std::optional<int64_t> risen = rise->bytes();
  answer["peak_memory_bytes"] = peakMemoryBytes();
  answer["run_memory_bytes"] = risen ? Json(*risen) : Json();
  answer["tiles"] = tilesJson(counts);
  answer["num_outputs"] = results.size();
  std::vector<NamedTensor> tensors;
  std::vector<std::string> names;
  names.reserve(results.size());
  for (size_t i = 0; i < results.size(); ++i)
    tensors.push_back({names.emplace_back(std::to_string(i)), &results[i]});
  if (Status status = writeFile(request["outputs"], serializeSafetensors(tensors)); !status.ok())
    return Failed{"run", status.message};
  return std::nullopt;
}

std::optional<Failed> Worker::handle(const Json &request, Json &answer) {
  std::string what = request["do"];
  if (what == "prepare")
    return prepare(request, answer);
  if (what == "run" && session)
    return runOnce(answer);
  if (what == "finish" && session)
    return finish(request, answer);
  if (what == "density" && session) {
    lacunaEntryInfo info = {};
    lacunaProgramEntry(program.get(), entry, &info);
    std::optional<MaskLook> look = lookAtMask(source, info.name, maskLibraries, values, request["seconds"]);
    answer["density"] = look ? Json(look->attendedShare) : Json();
    answer["picture"] = look && !look->picture.empty() ? Json(look->picture) : Json();
    return std::nullopt;
  }
  return Failed{"run", "unexpected request '" + what + "'"};
}

int lacuna::bench::runWorker() {
  // Whatever else writes to standard output is no answer.
  int answers = dup(1);
  dup2(2, 1);
  Worker worker;
  for (std::string line; std::getline(std::cin, line);) {
    Json answer = {{"ok", true}};
    std::optional<Failed> failed;
    try {
      failed = worker.handle(Json::parse(line), answer);
    } catch (const std::exception &error) { // no memory for data, mostly
      failed = Failed{"run", error.what()};
    }
    if (failed)
      answer = {{"ok", false}, {"stage", failed->stage}, {"error", failed->error}};
    std::string text = answer.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    if (write(answers, text.data(), text.size()) != ssize_t(text.size()))
      return 1;
  }
  return 0;
}
