// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/Executor.h"

#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <thread>

using namespace lacuna::runtime;

TEST(ExecutorTest, runsOnAsManyThreadsAsAsked) {
  // More than some machines have CPUs: the number asked for counts. Each body waits until all of them have begun.
  constexpr int64_t threads = 5;
  Executor executor(threads, nullptr, nullptr);
  std::atomic<int64_t> begun{0}, gaveUp{0};
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  Status status = executor.parallelFor(threads, [&](int64_t) {
    ++begun;
    while (begun < threads && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
    gaveUp += begun < threads;
  });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(begun.load(), threads);
  EXPECT_EQ(gaveUp.load(), 0);
}

TEST(ExecutorTest, callsEveryIndexOnce) {
  for (int64_t threads : {1, 4})
    for (int64_t count : {0, 1, 2, 1000}) {
      Executor executor(threads, nullptr, nullptr);
      std::vector<std::atomic<int>> calls(static_cast<size_t>(count));
      EXPECT_TRUE(executor.parallelFor(count, [&](int64_t i) { ++calls[size_t(i)]; }).ok());
      for (auto &number : calls)
        EXPECT_EQ(number.load(), 1);
    }
}

TEST(ExecutorTest, oneThreadIsTheCaller) {
  Executor executor(1, nullptr, nullptr);
  std::thread::id body;
  EXPECT_TRUE(executor.parallelFor(3, [&](int64_t) { body = std::this_thread::get_id(); }).ok());
  EXPECT_EQ(body, std::this_thread::get_id());
}
