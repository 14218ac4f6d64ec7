// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks of loads and stores, and the operations that move memory themselves: cp.async, memcpy, memset.
#include "runtime/emulator/Block.h"

using namespace lacuna::emulator;

static constexpr int32_t globalSpace = 1, sharedSpace = 3;

static std::string accessName(int64_t bytes, bool write) {
  return std::to_string(bytes) + "-byte " + (write ? "write" : "read");
}

bool Block::checkAccess(Thread &thread, const void *address, int64_t bytes, int32_t flags) {
  bool write = flags & accessWrite;
  int32_t space = flags >> accessSpaceShift & 0xff;
  int64_t alignment = int64_t(1) << (flags >> accessAlignShift & 0xff);
  if (bytes == 0)
    return true;
  int64_t offset = int64_t(uintptr_t(address) - uintptr_t(shared.base()));
  bool inWindow = offset >= 0 && offset < sharedWindowBytes;
  if (!inWindow && space != sharedSpace && thread.fiber.holds(address))
    return true;
  if (uintptr_t(address) & uintptr_t(alignment - 1))
    return fail(EmulatedFault::misaligned, thread,
                std::string("misaligned ") + (inWindow ? "shared " : "global ") + accessName(bytes, write) +
                    ": expects a multiple of " + std::to_string(alignment) + " bytes, but got " +
                    std::to_string(uintptr_t(address) & uintptr_t(alignment - 1)) + " too many");
  if (space == sharedSpace || (inWindow && space != globalSpace))
    return checkShared(thread, offset, bytes, flags);
  return checkGlobal(thread, address, bytes, write);
}

bool Block::checkGlobal(Thread &thread, const void *address, int64_t bytes, bool write) {
  std::string wrong = global.check(address, bytes, write, thread.lastRange);
  if (!wrong.empty())
    return fail(EmulatedFault::globalOutOfBounds, thread, wrong);
  (write ? counters.globalBytesWritten : counters.globalBytesRead) += bytes;
  return true;
}

bool Block::checkShared(Thread &thread, int64_t offset, int64_t bytes, int32_t flags) {
  bool write = flags & accessWrite, atomic = flags & accessAtomic;
  if (offset < 0 || bytes > shared.bytes() || offset > shared.bytes() - bytes)
    return fail(EmulatedFault::sharedOutOfBounds, thread,
                "shared out-of-bounds " + accessName(bytes, write) + ": expects offsets in [0, " +
                    std::to_string(shared.bytes()) + "), but got " + std::to_string(offset));
  Accessor by = {thread.index, thread.clock.data(), thread.site};
  if (!atomic && bytes <= 16)
    warpAccesses[size_t(thread.warp)].record(thread.site, thread.lane, uint32_t(offset), int(bytes));
  if (flags & accessRead) {
    counters.sharedBytesRead += bytes;
    if (!report(thread, shared.read(offset, bytes, by, atomic), bytes, /*write=*/false))
      return false;
  }
  if (write) {
    counters.sharedBytesWritten += bytes;
    return report(thread, shared.write(offset, bytes, by, atomic), bytes, /*write=*/true);
  }
  return true;
}

bool Block::report(Thread &thread, const Conflict &conflict, int64_t bytes, bool write) {
  if (conflict.kind == Conflict::none)
    return true;
  std::string what = accessName(bytes, write) + " at shared offset " + std::to_string(conflict.offset);
  std::string other;
  if (conflict.other >= 0) {
    const int64_t *p = threads[size_t(conflict.other)]->position;
    other = "thread (" + std::to_string(p[0]) + ", " + std::to_string(p[1]) + ", " + std::to_string(p[2]) + ") (" +
            siteName(conflict.otherSite) + ")";
  }
  switch (conflict.kind) {
  case Conflict::none:
    break;
  case Conflict::race:
    return fail(EmulatedFault::race, thread,
                "shared race: expects a barrier between the " + what + " and the " +
                    (conflict.otherWrites ? "write" : "read") + " by " + other + ", but got none");
  case Conflict::missingWait:
    return fail(EmulatedFault::missingAsyncWait, thread,
                "missing cp.async wait: expects a wait for the copy by " + other + " before the " + what +
                    ", but got none");
  case Conflict::uninitialised:
    // Kept until the next barrier: if the write comes later without a barrier in between, it is a race.
    if (uninitialisedMessage.empty())
      uninitialisedMessage = messageHead(thread) + "uninitialised shared read: expects written bytes, but got a " +
                             what + " that nothing wrote, in " + siteName(thread.site);
    return true;
  }
  return true;
}

bool Block::maskedAccess(Thread &thread) {
  const char *address = thread.arguments.get<const char *>(0);
  int64_t bytes = thread.arguments.get<int64_t>(1);
  uint64_t mask = thread.arguments.get<uint64_t>(2);
  for (int64_t i = 0; i < 64; ++i)
    if ((mask >> i & 1) && !checkAccess(thread, address + i * bytes, bytes, thread.arguments.get<int32_t>(3)))
      return false;
  return true;
}

bool Block::copyOrSetMemory(Thread &thread) {
  bool copies = thread.operation == Operation::copyMemory;
  char *to = thread.arguments.get<char *>(0);
  int64_t bytes = thread.arguments.get<int64_t>(2);
  if (!checkAccess(thread, to, bytes, accessWrite))
    return false;
  if (!copies) {
    std::memset(to, thread.arguments.get<uint8_t>(1), size_t(bytes));
    return true;
  }
  const char *from = thread.arguments.get<const char *>(1);
  if (!checkAccess(thread, from, bytes, accessRead))
    return false;
  std::memmove(to, from, size_t(bytes));
  return true;
}

/// Starts a copy; its bytes arrive at the latest legal moment, the wait that covers it.
bool Block::issueCopy(Thread &thread) {
  char *to = thread.arguments.get<char *>(0);
  const char *from = thread.arguments.get<const char *>(1);
  int64_t bytes = thread.arguments.get<int64_t>(2), sourceBytes = thread.arguments.get<uint32_t>(3);
  if (sourceBytes > bytes)
    return fail(EmulatedFault::globalOutOfBounds, thread,
                "cp.async: expects at most " + std::to_string(bytes) + " source bytes, but got " +
                    std::to_string(sourceBytes));
  int64_t offset = to - shared.base();
  if (uintptr_t(to) % uintptr_t(bytes) || uintptr_t(from) % uintptr_t(bytes))
    return fail(EmulatedFault::misaligned, thread,
                "misaligned cp.async: expects multiples of " + std::to_string(bytes) + " bytes, but got " +
                    (uintptr_t(to) % uintptr_t(bytes) ? "another destination" : "another source"));
  if (offset < 0 || offset > shared.bytes() - bytes)
    return fail(EmulatedFault::sharedOutOfBounds, thread,
                "shared out-of-bounds cp.async: expects offsets in [0, " + std::to_string(shared.bytes()) +
                    "), but got " + std::to_string(offset));
  if (sourceBytes && !checkGlobal(thread, from, sourceBytes, /*write=*/false))
    return false;
  if (!report(thread, shared.startAsync(offset, bytes, {thread.index, thread.clock.data(), thread.site}), bytes, true))
    return false;
  counters.asyncBytes += bytes;
  counters.sharedBytesWritten += bytes;
  thread.copies.push_back({offset, from, bytes, sourceBytes, thread.groups, thread.site});
  return true;
}

/// Copies all committed groups but the last `groupsLeft`.
void Block::finishCopies(Thread &thread, int64_t groupsLeft) {
  size_t done = 0;
  for (; done < thread.copies.size() && thread.copies[done].group < thread.groups - groupsLeft; ++done) {
    const AsyncCopy &copy = thread.copies[done];
    char *to = shared.base() + copy.offset;
    std::memcpy(to, copy.source, size_t(copy.sourceBytes));
    std::memset(to + copy.sourceBytes, 0, size_t(copy.bytes - copy.sourceBytes));
    shared.finishAsync(copy.offset, copy.bytes, {thread.index, thread.clock.data(), copy.site});
  }
  thread.copies.erase(thread.copies.begin(), thread.copies.begin() + int64_t(done));
}
