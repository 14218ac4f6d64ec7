// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One GPU block: its threads as fibers, its barriers, warps and shared memory. Everything of a block happens on one OS
// thread, so nothing here locks. A fault ends the block: the first one is kept, all fibers are abandoned.
//
// Nothing that owns memory may live on a fiber's stack across wait(): an abandoned fiber runs no destructors.
#ifndef LACUNA_RUNTIME_EMULATOR_BLOCK_H
#define LACUNA_RUNTIME_EMULATOR_BLOCK_H

#include "runtime/emulator/BankConflicts.h"
#include "runtime/emulator/Fiber.h"
#include "runtime/emulator/GlobalMemory.h"
#include "runtime/emulator/SharedMemory.h"

#include <cstring>
#include <deque>
#include <memory>

namespace lacuna::emulator {

/// An operation's arguments or results: 8-byte slots.
class Slots {
public:
  explicit Slots(void *memory) : memory(static_cast<char *>(memory)) {}
  template <typename T> T get(int slot) const {
    T value;
    std::memcpy(&value, memory + 8 * slot, sizeof(T));
    return value;
  }
  template <typename T> void set(int slot, T value) { std::memcpy(memory + 8 * slot, &value, sizeof(T)); }

private:
  char *memory;
};

/// A cp.async that was issued and not yet waited for.
struct AsyncCopy {
  int64_t offset; // in shared memory
  const char *source;
  int64_t bytes, sourceBytes;
  int64_t group;
  const char *site;
};

struct Thread {
  enum State { ready, atBarrier, atWarp, exited };

  Fiber fiber;
  int index = 0, warp = 0, lane = 0;
  int64_t position[3] = {};
  State state = ready;
  // The operation it executes or waits in.
  Operation operation = Operation::exitThread;
  Slots arguments{nullptr}, results{nullptr};
  const char *site = nullptr;
  std::vector<uint32_t> clock; // see SharedMemory.h
  std::vector<AsyncCopy> copies;
  int64_t groups = 0; // committed so far
  size_t lastRange = 0;
  int64_t accessesLeft = 0; // until it lets others run, so that spinning on memory ends
};

/// The threads of a warp that execute one operation together; null for those that do not.
using Lanes = Thread *[32];

class Block {
public:
  explicit Block(const EmulatedLaunch &launch, const GlobalMemory &global);

  bool valid() const; ///< false without memory for stacks
  /// Runs block number `number` of the grid to its end or to its first fault.
  void run(int64_t number);
  EmulatedFault fault() const { return firstFault; }
  const std::string &message() const { return firstMessage; }

  // Called on a fiber, from the table's two functions.
  Thread &current() { return *running; }
  void operation(Operation operation, const void *arguments, void *results, const char *site);
  void access(const void *address, int64_t bytes, int32_t flags, const char *site);

  // Services for operations; checks return false after a fault.
  bool fail(EmulatedFault fault, const Thread &thread, const std::string &what);
  /// Checks bounds, alignment and order of one access by `thread` at its current site.
  bool checkAccess(Thread &thread, const void *address, int64_t bytes, int32_t flags);
  void flushBanks(int warp) { counters.bankConflicts += warpAccesses[size_t(warp)].flush(); }
  char *sharedBase() const { return shared.base(); }
  const EmulatedLaunch &launch;
  EmulatedCounters counters;
  int64_t blockPosition[3] = {};

private:
  struct Barrier {
    int expected = 0, arrived = 0, predicates = 0;
    std::vector<int> waiting;
    std::vector<uint32_t> joined;
  };
  /// An operation that waits for the other lanes of its warp.
  struct Meeting {
    Operation operation;
    int32_t kind;
    uint32_t mask, arrived;
    const char *site; // null unless all lanes must execute the same instruction
  };
  struct Warp {
    uint32_t lanes = 0, exitedLanes = 0; // masks
    std::vector<Meeting> meetings;
  };

  // Block.cpp: life of the threads
  void reset(int64_t number);
  static void threadBody(void *thread);
  void wait(Thread::State state);
  void wake(Thread &thread);
  void leave();
  void reportDeadlock();
  std::string describeWaiting() const;
  bool failUninitialised();
  std::string messageHead(const Thread &thread) const;

  // Synchronisation.cpp
  bool execute(Thread &thread);
  bool checkArrival(Thread &thread, bool waits);
  bool arrive(Thread &thread, bool waits);
  bool completeBarrier(Barrier &barrier, Thread &last, bool lastWaits);
  bool meet(Thread &thread);
  bool completeMeeting(Warp &warp, size_t index, Thread *last);
  bool completeAfterExit(Thread &thread);
  void join(const std::vector<Thread *> &threads);

  // MemoryAccess.cpp
  bool checkShared(Thread &thread, int64_t offset, int64_t bytes, int32_t flags);
  bool checkGlobal(Thread &thread, const void *address, int64_t bytes, bool write);
  bool report(Thread &thread, const Conflict &conflict, int64_t bytes, bool write);
  bool maskedAccess(Thread &thread);
  bool copyOrSetMemory(Thread &thread);
  bool issueCopy(Thread &thread);
  void finishCopies(Thread &thread, int64_t groupsLeft);

  const GlobalMemory &global;
  SharedMemory shared;
  std::vector<std::unique_ptr<Thread>> threads;
  std::vector<Warp> warps;
  std::vector<WarpAccesses> warpAccesses;
  Barrier barriers[16];
  std::deque<Thread *> readyThreads;
  std::vector<uint32_t> scratchClock;
  std::vector<Thread *> scratchThreads;
  Thread *running = nullptr;
  EmulatedFault firstFault = EmulatedFault::none;
  std::string firstMessage;
  // An uninitialised read waits for the next barrier: if a race explains it, the race is reported.
  std::string uninitialisedMessage;
};

/// "write of SITE" etc. need a site that may be unknown.
inline const char *siteName(const char *site) { return site ? site : "unknown instruction"; }

} // namespace lacuna::emulator

#endif // LACUNA_RUNTIME_EMULATOR_BLOCK_H
