// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where host-side work runs: the runtime's own threads (oneTBB) or the caller's `parallel_for`.
#ifndef LACUNA_RUNTIME_EXECUTOR_H
#define LACUNA_RUNTIME_EXECUTOR_H

#include "runtime/Status.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

namespace lacuna::runtime {

/// Immutable and shared by runs, so that settings can change while runs are under way.
class Executor {
public:
  Executor(int64_t threads, lacunaParallelFor callback, void *user);
  ~Executor();

  int64_t threads() const { return numThreads; }

  /// Calls body(i) once for every i in [0, count); an error if the caller's callback did not.
  Status parallelFor(int64_t count, const std::function<void(int64_t)> &body) const;

private:
  struct Arena; // oneTBB stays out of this header
  int64_t numThreads;
  lacunaParallelFor callback;
  void *user;
  std::unique_ptr<Arena> arena;
};

/// A device's current executor.
class ExecutorSlot {
public:
  /// Threads from LACUNA_NUM_THREADS, else all CPUs of the process. The error names a value that is no count.
  Status initialize();
  Status setThreads(int64_t threads);
  void setCallback(lacunaParallelFor callback, void *user);
  std::shared_ptr<const Executor> get() const;

private:
  mutable std::mutex mutex;
  std::shared_ptr<const Executor> current;
  int64_t threads = 1;
  lacunaParallelFor callback = nullptr;
  void *user = nullptr;
};

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_EXECUTOR_H
