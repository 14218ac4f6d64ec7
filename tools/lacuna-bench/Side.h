// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One implementation of an entry while it is measured: a worker process and what it has said. Whatever the worker does
// (crash, hang, nonsense) becomes a status here, and never more.
#ifndef LACUNA_TOOLS_BENCH_SIDE_H
#define LACUNA_TOOLS_BENCH_SIDE_H

#include "HostTensor.h"
#include "Process.h"
#include "Suite.h"

namespace lacuna::bench {

/// What all workers of a run need.
struct Workplace {
  std::string program;      ///< this executable
  std::string python;       ///< interpreter of Python's sides
  std::string workerScript; ///< worker.py; empty if it was not found
  std::string suiteFolder;  ///< where workers run
  std::string temporary;    ///< folder for inputs and outputs
  std::string device = "cpu";
  std::optional<int64_t> threads;
};

class Side {
public:
  Side(const SideSpec &spec, const Workplace &workplace) : spec(spec), workplace(workplace) {}

  /// False if it failed, now or before; then it is over.
  bool prepare(const Json &request);
  bool run(bool timed);
  /// Fetches the outputs and ends the worker.
  bool finish();
  /// Answers from a worker that runs; null from one that does not.
  Json ask(const Json &request);
  void stop();

  bool isAlive() const { return status == "ok"; }
  bool isFluctuating() const;

  const SideSpec spec;
  std::string status = "not_run", error;
  Json facts = Json::object(); ///< answers to prepare and finish
  std::vector<double> seconds, deviceSeconds;
  std::vector<run::HostTensor> outputs; ///< of the first run

private:
  bool start();
  bool fail(const std::string &status, const std::string &what);
  bool readOutputs(const std::string &path, size_t count);
  std::string lastWords() const;

  const Workplace &workplace;
  std::unique_ptr<Process> process;
  std::string errorFile;
};

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_SIDE_H
