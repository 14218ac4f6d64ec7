// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Side.h"

#include "Safetensors.h"
#include "Statistics.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>

using namespace lacuna::bench;
using namespace lacuna::run;
using namespace lacuna::runtime;

/// How long a worker may take to say that it has ended.
static constexpr double patienceSeconds = 2;

bool Side::isFluctuating() const { return fluctuates(seconds); }

/// The end of what it wrote to standard error.
std::string Side::lastWords() const {
  auto file = llvm::MemoryBuffer::getFile(errorFile, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return "";
  llvm::StringRef text = (*file)->getBuffer().trim();
  llvm::SmallVector<llvm::StringRef> lines;
  text.take_back(2000).split(lines, '\n', -1, /*KeepEmpty=*/false);
  std::string words;
  for (llvm::StringRef line : llvm::ArrayRef(lines).take_back(3))
    words += "\n" + line.str();
  return words;
}

bool Side::fail(const std::string &newStatus, const std::string &what) {
  status = newStatus;
  error = what;
  stop();
  return false;
}

void Side::stop() { process.reset(); }

bool Side::start() {
  // Names may hold anything: files are numbered by the caller's folder and named by letters only.
  errorFile = workplace.temporary + "/stderr." + std::to_string(reinterpret_cast<uintptr_t>(this));
  std::vector<std::string> command = {workplace.program, "--worker"};
  if (spec.isPython()) {
    if (workplace.workerScript.empty())
      return fail("compile_fail",
                  "cannot find benchmarks/lacuna_bench/worker.py: set LACUNA_BENCH_FOLDER to the folder benchmarks");
    command = {workplace.python, workplace.workerScript};
  }
  Result<std::unique_ptr<Process>> started = Process::start(command, workplace.suiteFolder, errorFile);
  if (!started.ok())
    return fail("compile_fail", started.status().message);
  process = std::move(*started);
  return true;
}

/// Null after a failure, which it has recorded.
Json Side::ask(const Json &request) {
  if (!process)
    return Json();
  std::string what = request["do"], line;
  std::string otherwise = what == "prepare" ? "compile_fail" : "runtime_fail";
  process->send(request.dump(-1, ' ', false, Json::error_handler_t::replace),
                spec.timeout); // if it is gone, reading tells
  switch (process->receive(line, spec.timeout)) {
  case Process::Answer::Timeout:
    fail("runtime_fail", llvm::formatv("timeout: no answer to '{0}' within {1} s", what, spec.timeout));
    return Json();
  case Process::Answer::Interrupted:
    fail("not_run", "interrupted");
    return Json();
  case Process::Answer::Closed:
    fail(otherwise, "the worker process " + process->stop(patienceSeconds) + lastWords());
    return Json();
  case Process::Answer::Line:
    break;
  }
  Json answer = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!answer.is_object() || !answer.contains("ok") || !answer["ok"].is_boolean()) {
    fail(otherwise, "the worker process wrote no answer but '" + line.substr(0, 200) + "'");
    return Json();
  }
  if (answer["ok"].get<bool>())
    return answer;
  bool isCompile = answer.value("stage", Json()) == Json("compile");
  Json message = answer.value("error", Json());
  fail(isCompile ? "compile_fail" : "runtime_fail", message.is_string() ? message.get<std::string>() : "failed");
  return Json();
}

bool Side::prepare(const Json &request) {
  if (!start())
    return false;
  Json answer = ask(request);
  if (!answer.is_object())
    return false;
  facts.update(answer);
  status = "ok";
  return true;
}

bool Side::run(bool timed) {
  if (!isAlive())
    return false;
  Json answer = ask({{"do", "run"}});
  if (!answer.is_object())
    return false;
  Json measured = answer.value("seconds", Json());
  bool isTime = measured.is_number() && std::isfinite(measured.get<double>()) && measured.get<double>() > 0;
  if (!isTime)
    return fail("runtime_fail", "expects seconds above 0, but got " + measured.dump());
  if (answer.contains("preparation_seconds") && answer["preparation_seconds"].is_number())
    facts["preparation_seconds"] = answer["preparation_seconds"];
  if (!timed)
    return true;
  seconds.push_back(measured);
  if (answer.contains("device_seconds") && answer["device_seconds"].is_number())
    deviceSeconds.push_back(answer["device_seconds"]);
  return true;
}

bool Side::readOutputs(const std::string &file, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    Result<HostTensor> tensor = readSafetensor(file, std::to_string(i));
    if (!tensor.ok())
      return fail("runtime_fail", "output " + std::to_string(i) + ": " + tensor.status().message);
    outputs.push_back(std::move(*tensor));
  }
  return true;
}

bool Side::finish() {
  if (!isAlive())
    return false;
  std::string file = errorFile + ".safetensors";
  Json answer = ask({{"do", "finish"}, {"outputs", file}});
  if (!answer.is_object())
    return false;
  facts.update(answer);
  Json count = answer.value("num_outputs", Json());
  if (!count.is_number_unsigned() || count.get<size_t>() > 64)
    return fail("runtime_fail", "expects at most 64 outputs, but got " + count.dump());
  return readOutputs(file, count);
}
