// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations in which threads meet: barriers of the block, warp-wide instructions, and what they order.
#include "runtime/emulator/Block.h"
#include "runtime/emulator/Operations.h"

#include <algorithm>

using namespace lacuna::emulator;

bool Block::execute(Thread &thread) {
  switch (thread.operation) {
  case Operation::barrier:
    return arrive(thread, /*waits=*/true);
  case Operation::barrierArrive:
    return arrive(thread, /*waits=*/false);
  case Operation::warpSync:
  case Operation::shuffle:
  case Operation::vote:
  case Operation::elect:
  case Operation::reduce:
  case Operation::ldmatrix:
  case Operation::mma:
    return meet(thread);
  case Operation::cpAsync:
    return issueCopy(thread);
  case Operation::cpAsyncCommit:
    ++thread.groups;
    return true;
  case Operation::cpAsyncWait:
    finishCopies(thread, thread.arguments.get<int64_t>(0));
    return true;
  case Operation::copyMemory:
  case Operation::setMemory:
    return copyOrSetMemory(thread);
  case Operation::maskedAccess:
    return maskedAccess(thread);
  case Operation::exitThread:
    thread.state = Thread::exited;
    completeAfterExit(thread);
    return false;
  default:
    runThreadOperation(*this, thread);
    return true;
  }
}

/// All of `threads` see what any of them has seen; what they do next is later than that.
void Block::join(const std::vector<Thread *> &together) {
  scratchClock.assign(threads.size(), 0);
  for (Thread *thread : together)
    for (size_t i = 0; i < scratchClock.size(); ++i)
      scratchClock[i] = std::max(scratchClock[i], thread->clock[i]);
  for (Thread *thread : together) {
    std::copy(scratchClock.begin(), scratchClock.end(), thread->clock.begin());
    ++thread->clock[size_t(thread->index)];
  }
}

/// Is this arrival one that a GPU defines, together with those before it?
bool Block::checkArrival(Thread &thread, bool waits) {
  int32_t id = thread.arguments.get<int32_t>(0), requested = thread.arguments.get<int32_t>(1);
  auto misuse = [&](const std::string &what) {
    return fail(EmulatedFault::barrierDivergence, thread, "barrier misuse: expects " + what);
  };
  if (id < 0 || id > 15)
    return misuse("a barrier in [0, 16), but got " + std::to_string(id));
  if (requested < 0 || requested % 32 != 0 || requested > int(threads.size()))
    return misuse("a multiple of 32 threads, at most " + std::to_string(threads.size()) + ", but got " +
                  std::to_string(requested));
  const Barrier &barrier = barriers[id];
  int expected = requested ? requested : int(threads.size());
  if (barrier.arrived && barrier.expected != expected)
    return misuse(std::to_string(barrier.expected) + " threads at barrier " + std::to_string(id) +
                  " like those that arrived before, but got " + std::to_string(expected));
  for (int other : barrier.waiting)
    if (waits && threads[size_t(other)]->warp == thread.warp && threads[size_t(other)]->site != thread.site)
      return fail(EmulatedFault::barrierDivergence, thread,
                  "barrier divergence: expects all lanes of a warp at one instruction of barrier " +
                      std::to_string(id) + ", but got a lane at " + siteName(threads[size_t(other)]->site));
  return true;
}

bool Block::arrive(Thread &thread, bool waits) {
  if (!checkArrival(thread, waits))
    return false;
  int32_t requested = thread.arguments.get<int32_t>(1);
  Barrier &barrier = barriers[thread.arguments.get<int32_t>(0)];
  if (!barrier.arrived)
    barrier.joined.assign(threads.size(), 0);
  barrier.expected = requested ? requested : int(threads.size());
  ++barrier.arrived;
  for (size_t i = 0; i < barrier.joined.size(); ++i)
    barrier.joined[i] = std::max(barrier.joined[i], thread.clock[i]);
  if (waits && BarrierReduction(thread.arguments.get<int32_t>(2)) != BarrierReduction::none)
    barrier.predicates += thread.arguments.get<int32_t>(3) != 0;
  if (barrier.arrived == barrier.expected)
    return completeBarrier(barrier, thread, waits);
  if (!waits) {
    ++thread.clock[size_t(thread.index)]; // what it does next is not covered by this arrival
    return true;
  }
  barrier.waiting.push_back(thread.index);
  wait(Thread::atBarrier);
  return true;
}

static int32_t reduced(BarrierReduction kind, int predicates, int arrived) {
  switch (kind) {
  case BarrierReduction::popc:
    return predicates;
  case BarrierReduction::all:
    return predicates == arrived;
  case BarrierReduction::any:
    return predicates != 0;
  case BarrierReduction::none:
    break;
  }
  return 0;
}

bool Block::completeBarrier(Barrier &barrier, Thread &last, bool lastWaits) {
  // Of the whole block: whatever explains an uninitialised read would have shown by now.
  if (barrier.arrived == int(threads.size()) && failUninitialised())
    return false;
  ++counters.barriers;
  if (lastWaits)
    barrier.waiting.push_back(last.index);
  else
    ++last.clock[size_t(last.index)];
  for (int index : barrier.waiting) {
    Thread &thread = *threads[size_t(index)];
    for (size_t i = 0; i < thread.clock.size(); ++i)
      thread.clock[i] = std::max(thread.clock[i], barrier.joined[i]);
    ++thread.clock[size_t(index)];
    thread.results.set(
        0, reduced(BarrierReduction(thread.arguments.get<int32_t>(2)), barrier.predicates, barrier.arrived));
    flushBanks(thread.warp);
    wake(thread);
  }
  barrier.waiting.clear();
  barrier.arrived = barrier.predicates = 0;
  if (lastWaits)
    wait(Thread::ready); // behind those that came first, so that faults are found in the order of threads
  return true;
}

/// The slot with the lane mask; -1 for `.aligned` instructions, which all lanes of the warp execute.
static int maskSlot(Operation operation) {
  switch (operation) {
  case Operation::warpSync:
  case Operation::elect:
    return 0;
  case Operation::shuffle:
  case Operation::vote:
  case Operation::reduce:
    return 1;
  default:
    return -1;
  }
}

bool Block::meet(Thread &thread) {
  Warp &warp = warps[size_t(thread.warp)];
  int slot = maskSlot(thread.operation);
  bool aligned = slot < 0;
  Meeting wanted = {thread.operation, slot == 1 ? thread.arguments.get<int32_t>(0) : 0,
                    aligned ? warp.lanes : thread.arguments.get<uint32_t>(slot) & warp.lanes, 0,
                    aligned ? thread.site : nullptr};
  uint32_t self = 1u << thread.lane;
  if (!(wanted.mask & self))
    return fail(EmulatedFault::warpDivergence, thread,
                "warp divergence: expects a mask with the executing lane " + std::to_string(thread.lane) +
                    ", but got " + std::to_string(thread.arguments.get<uint32_t>(slot)));
  size_t index = 0;
  for (; index < warp.meetings.size(); ++index) {
    const Meeting &meeting = warp.meetings[index];
    if (meeting.operation == wanted.operation && meeting.kind == wanted.kind && meeting.mask == wanted.mask &&
        meeting.site == wanted.site)
      break;
  }
  if (index == warp.meetings.size())
    warp.meetings.push_back(wanted);
  Meeting &meeting = warp.meetings[index];
  meeting.arrived |= self;
  if (meeting.arrived == (aligned ? meeting.mask : meeting.mask & ~warp.exitedLanes))
    return completeMeeting(warp, index, &thread);
  wait(Thread::atWarp);
  return true;
}

/// Runs the operation for all lanes that arrived and lets them go on. `last` arrived just now and still runs.
bool Block::completeMeeting(Warp &warp, size_t index, Thread *last) {
  Meeting meeting = warp.meetings[index];
  warp.meetings.erase(warp.meetings.begin() + int64_t(index));
  size_t first = size_t(&warp - warps.data()) * 32;
  Lanes lanes = {};
  scratchThreads.clear();
  for (size_t lane = 0; lane < 32; ++lane) {
    if (!(meeting.arrived >> lane & 1))
      continue;
    lanes[lane] = threads[first + lane].get();
    scratchThreads.push_back(lanes[lane]);
  }
  flushBanks(int(first / 32));
  if (meeting.operation == Operation::warpSync)
    join(scratchThreads);
  else if (!runWarpOperation(*this, lanes, meeting.operation))
    return false;
  for (Thread *thread : scratchThreads)
    if (thread != last)
      wake(*thread);
  return true;
}

/// Operations that wait for "all non-exited threads" of a mask may have waited for this one only.
bool Block::completeAfterExit(Thread &thread) {
  Warp &warp = warps[size_t(thread.warp)];
  warp.exitedLanes |= 1u << thread.lane;
  for (size_t i = 0; i < warp.meetings.size();) {
    const Meeting &meeting = warp.meetings[i];
    if (meeting.site || meeting.arrived != (meeting.mask & ~warp.exitedLanes))
      ++i;
    else if (!completeMeeting(warp, i, nullptr))
      return false;
  }
  return true;
}
