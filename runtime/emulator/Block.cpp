// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The life of a block: start its threads, run whoever is ready, end with the first fault or a deadlock.
#include "runtime/emulator/Block.h"

using namespace lacuna::emulator;

/// The block whose fibers run on this OS thread; fibers never change the OS thread.
static thread_local Block *currentBlock = nullptr;

static constexpr int64_t accessesPerTurn = 1 << 20;

static std::string triple(const int64_t *values) {
  return "(" + std::to_string(values[0]) + ", " + std::to_string(values[1]) + ", " + std::to_string(values[2]) + ")";
}

static void split(int64_t number, const int64_t *sizes, int64_t *position) {
  position[0] = number % sizes[0];
  position[1] = number / sizes[0] % sizes[1];
  position[2] = number / sizes[0] / sizes[1];
}

Block::Block(const EmulatedLaunch &launch, const GlobalMemory &global) : launch(launch), global(global) {
  int count = int(launch.block[0] * launch.block[1] * launch.block[2]);
  for (int i = 0; i < count; ++i) {
    threads.push_back(std::make_unique<Thread>());
    Thread &thread = *threads.back();
    thread.index = i;
    thread.warp = i / 32;
    thread.lane = i % 32;
    split(i, launch.block, thread.position);
  }
  warps.resize(size_t(count + 31) / 32);
  warpAccesses.resize(warps.size());
}

bool Block::valid() const {
  for (const auto &thread : threads)
    if (!thread->fiber.valid())
      return false;
  return shared.base() != nullptr;
}

void Block::reset(int64_t number) {
  split(number, launch.grid, blockPosition);
  shared.reset(launch.sharedBytes);
  for (Barrier &barrier : barriers)
    barrier = Barrier();
  for (Warp &warp : warps)
    warp = Warp();
  for (auto &thread : threads) {
    thread->state = Thread::ready;
    thread->clock.assign(threads.size(), 0);
    thread->clock[size_t(thread->index)] = 1;
    thread->copies.clear();
    thread->groups = 0;
    thread->accessesLeft = accessesPerTurn;
    thread->fiber.start(threadBody, thread.get());
    warps[size_t(thread->warp)].lanes |= 1u << thread->lane;
    readyThreads.push_back(thread.get());
  }
}

void Block::threadBody(void *argument) {
  Block &block = *currentBlock;
  Thread &thread = *static_cast<Thread *>(argument);
  block.launch.kernel(block.launch.params);
  thread.state = Thread::exited;
  block.completeAfterExit(thread);
  thread.fiber.suspend(/*final=*/true);
}

void Block::run(int64_t number) {
  currentBlock = this;
  reset(number);
  while (!readyThreads.empty() && firstFault == EmulatedFault::none) {
    running = readyThreads.front();
    readyThreads.pop_front();
    running->fiber.resume();
  }
  readyThreads.clear();
  for (size_t warp = 0; warp < warps.size(); ++warp)
    flushBanks(int(warp));
  if (firstFault == EmulatedFault::none)
    reportDeadlock();
  if (firstFault == EmulatedFault::none)
    failUninitialised();
  currentBlock = nullptr;
}

void Block::wait(Thread::State state) {
  Thread &thread = current();
  thread.state = state;
  thread.fiber.suspend();
}

void Block::wake(Thread &thread) {
  thread.state = Thread::ready;
  thread.accessesLeft = accessesPerTurn;
  readyThreads.push_back(&thread);
}

/// Ends the running fiber for good.
void Block::leave() { current().fiber.suspend(/*final=*/true); }

bool Block::fail(EmulatedFault fault, const Thread &thread, const std::string &what) {
  if (firstFault != EmulatedFault::none)
    return false;
  // What follows from uninitialised data is not the cause, except a race, which is why the data was not there.
  if (fault != EmulatedFault::race && failUninitialised())
    return false;
  firstFault = fault;
  firstMessage = messageHead(thread) + what + ", in " + siteName(thread.site);
  return false;
}

std::string Block::messageHead(const Thread &thread) const {
  return "kernel '" + launch.name + "', block " + triple(blockPosition) + ", thread " + triple(thread.position) + ": ";
}

/// Reports the uninitialised read that was put off, if any.
bool Block::failUninitialised() {
  if (uninitialisedMessage.empty())
    return false;
  firstFault = EmulatedFault::uninitialisedRead;
  firstMessage = uninitialisedMessage;
  return true;
}

/// "96 threads wait in X, 32 threads have exited": threads by what they do.
std::string Block::describeWaiting() const {
  std::vector<std::pair<std::string, int>> groups;
  for (const auto &thread : threads) {
    std::string what;
    if (thread->state == Thread::exited)
      what = "exited";
    else if (thread->operation == Operation::barrier)
      what = "wait at barrier " + std::to_string(thread->arguments.get<int32_t>(0)) + " in " + siteName(thread->site);
    else
      what = std::string("wait for their warp in ") + siteName(thread->site);
    bool found = false;
    for (auto &[name, count] : groups)
      if (name == what)
        ++count, found = true;
    if (!found)
      groups.emplace_back(what, 1);
  }
  std::string text;
  for (auto &[name, count] : groups)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + (count == 1 ? " thread " : " threads ") + name;
  return text;
}

/// No thread can run: fine if all have exited, else those that wait do so for ever.
void Block::reportDeadlock() {
  const Thread *waiting = nullptr;
  for (const auto &thread : threads)
    if (thread->state != Thread::exited && (!waiting || thread->state == Thread::atBarrier))
      waiting = thread.get();
  if (!waiting)
    return;
  bool atBarrier = waiting->state == Thread::atBarrier;
  std::string what = atBarrier ? "barrier divergence: expects " +
                                     std::to_string(barriers[waiting->arguments.get<int32_t>(0)].expected) +
                                     " threads at barrier " + std::to_string(waiting->arguments.get<int32_t>(0)) +
                                     ", but got " + std::to_string(barriers[waiting->arguments.get<int32_t>(0)].arrived)
                               : std::string("warp divergence: the other lanes never arrive");
  fail(atBarrier ? EmulatedFault::barrierDivergence : EmulatedFault::warpDivergence, *waiting,
       what + " (deadlock: " + describeWaiting() + ")");
}

void Block::operation(Operation operation, const void *arguments, void *results, const char *site) {
  Thread &thread = current();
  thread.operation = operation;
  thread.arguments = Slots(const_cast<void *>(arguments));
  thread.results = Slots(results);
  thread.site = site;
  if (!execute(thread))
    leave();
}

void Block::access(const void *address, int64_t bytes, int32_t flags, const char *site) {
  Thread &thread = current();
  thread.site = site;
  if (!checkAccess(thread, address, bytes, flags))
    leave();
  if (--thread.accessesLeft > 0)
    return;
  wake(thread);
  wait(Thread::ready);
}

static void callOperation(int32_t operation, const void *arguments, void *results, const char *site) {
  currentBlock->operation(Operation(operation), arguments, results, site);
}

static void callAccess(const void *address, int64_t bytes, int32_t flags, const char *site) {
  currentBlock->access(address, bytes, flags, site);
}

const lacunaEmulator *lacuna::emulator::emulatorTable() {
  static const lacunaEmulator table = {callOperation, callAccess};
  return &table;
}
