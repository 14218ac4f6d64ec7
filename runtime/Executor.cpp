// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads of the runtime. One task arena per setting, kept across runs: making one costs more than a small launch.
#include "runtime/Executor.h"

#include <atomic>
#include <cstdlib>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#include <optional>

using namespace lacuna::runtime;

constexpr int64_t maxThreads = 4096;

struct Executor::Arena {
  explicit Arena(int threads) : arena(threads) {
    // oneTBB never starts more workers than CPUs unless told so.
    if (threads > tbb::info::default_concurrency())
      limit.emplace(tbb::global_control::max_allowed_parallelism, size_t(threads));
  }
  std::optional<tbb::global_control> limit;
  tbb::task_arena arena;
};

Executor::Executor(int64_t threads, lacunaParallelFor callback, void *user)
    : numThreads(threads), callback(callback), user(user) {
  if (!callback && threads > 1)
    arena = std::make_unique<Arena>(int(threads));
}
Executor::~Executor() = default;

/// The caller's threads; counts the calls, since a part left out would be a wrong answer.
static Status runOnCallersThreads(lacunaParallelFor callback, void *user, int64_t count,
                                  const std::function<void(int64_t)> &body) {
  struct Context {
    const std::function<void(int64_t)> &body;
    std::atomic<int64_t> calls;
  } context{body, {0}};
  callback(
      user, count,
      [](void *opaque, int64_t i) {
        auto *context = static_cast<Context *>(opaque);
        context->body(i);
        context->calls.fetch_add(1);
      },
      &context);
  if (int64_t calls = context.calls.load(); calls != count)
    return failure(LACUNA_EXECUTION_FAILED, "parallel_for of the caller: expects " + std::to_string(count) +
                                                " calls of the body, but got " + std::to_string(calls));
  return success();
}

Status Executor::parallelFor(int64_t count, const std::function<void(int64_t)> &body) const {
  if (count > 1 && callback)
    return runOnCallersThreads(callback, user, count, body);
  if (count > 1 && arena) {
    // Pieces are cut by the caller already: no further chunking here.
    arena->arena.execute([&] { tbb::parallel_for(int64_t(0), count, int64_t(1), body, tbb::simple_partitioner()); });
    return success();
  }
  for (int64_t i = 0; i < count; ++i)
    body(i);
  return success();
}

Status ExecutorSlot::initialize() {
  const char *text = std::getenv("LACUNA_NUM_THREADS");
  if (!text || !*text)
    return setThreads(tbb::info::default_concurrency());
  char *end = nullptr;
  long long value = std::strtoll(text, &end, 10);
  if (*end != '\0' || value < 1 || value > maxThreads)
    return expectsButGot("LACUNA_NUM_THREADS", "a number from 1 to " + std::to_string(maxThreads),
                         "'" + std::string(text) + "'");
  return setThreads(value);
}

Status ExecutorSlot::setThreads(int64_t value) {
  if (value < 1 || value > maxThreads)
    return expectsButGot("number of threads", "1 to " + std::to_string(maxThreads), std::to_string(value));
  std::lock_guard<std::mutex> lock(mutex);
  current = std::make_shared<Executor>(value, callback, user);
  threads = value;
  return success();
}

void ExecutorSlot::setCallback(lacunaParallelFor function, void *data) {
  std::lock_guard<std::mutex> lock(mutex);
  current = std::make_shared<Executor>(threads, function, data);
  callback = function;
  user = data;
}

std::shared_ptr<const Executor> ExecutorSlot::get() const {
  std::lock_guard<std::mutex> lock(mutex);
  return current;
}
