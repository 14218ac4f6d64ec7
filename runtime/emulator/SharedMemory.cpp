// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The happens-before check per shared byte, after FastTrack (Flanagan and Freund 2009): one last write, and of the
// reads only those that no later read follows.
#include "runtime/emulator/SharedMemory.h"
#include "runtime/emulator/EmulatorAbi.h"

#include <cstring>
#include <sys/mman.h>

using namespace lacuna::emulator;

// Room to round the start up to the window; the second window keeps small overruns away from other memory.
static constexpr size_t reservedBytes = 3 * size_t(sharedWindowBytes);

SharedMemory::SharedMemory() {
  void *raw = mmap(nullptr, reservedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (raw == MAP_FAILED)
    return;
  reservation = static_cast<char *>(raw);
  memory = reservation + (-uintptr_t(raw) & uintptr_t(sharedWindowBytes - 1));
}

SharedMemory::~SharedMemory() {
  if (reservation)
    munmap(reservation, reservedBytes);
}

void SharedMemory::reset(int64_t bytes) {
  std::memset(memory, 0xff, size_t(bytes));
  shadow.assign(size_t(bytes), Byte());
  reads.clear();
  freeReads = -1;
}

Conflict SharedMemory::pendingConflict(const Byte &byte, const Accessor &by) const {
  Conflict conflict;
  // A barrier stands between issue and access, so only the wait is missing; without one the barrier is.
  conflict.kind = ordered(byte.writer, byte.time, by) ? Conflict::missingWait : Conflict::race;
  conflict.other = byte.writer;
  conflict.otherWrites = true;
  conflict.otherSite = byte.site;
  return conflict;
}

/// Adds a read and drops those that are ordered before it: who comes after this read comes after them.
void SharedMemory::recordRead(Byte &byte, const Accessor &by, bool atomic) {
  if (byte.readers >= 0) {
    // By far the most common: one earlier read, which this one follows.
    Read &only = reads[size_t(byte.readers)];
    if (only.next < 0 && ordered(only.thread, only.time, by) && (atomic || !only.atomic)) {
      only = {by.site, by.clock[by.thread], -1, int16_t(by.thread), atomic};
      return;
    }
  }
  int32_t *link = &byte.readers;
  while (*link >= 0) {
    int32_t index = *link;
    Read &read = reads[size_t(index)];
    if (ordered(read.thread, read.time, by) && (atomic || !read.atomic)) {
      *link = read.next;
      read.next = freeReads;
      freeReads = index;
    } else {
      link = &read.next;
    }
  }
  Read read = {by.site, by.clock[by.thread], byte.readers, int16_t(by.thread), atomic};
  if (freeReads >= 0) {
    byte.readers = freeReads;
    freeReads = reads[size_t(freeReads)].next;
    reads[size_t(byte.readers)] = read;
  } else {
    byte.readers = int32_t(reads.size());
    reads.push_back(read);
  }
}

void SharedMemory::dropReads(Byte &byte) {
  while (byte.readers >= 0) {
    Read &read = reads[size_t(byte.readers)];
    int32_t next = read.next;
    read.next = freeReads;
    freeReads = byte.readers;
    byte.readers = next;
  }
}

Conflict SharedMemory::read(int64_t offset, int64_t size, const Accessor &by, bool atomic) {
  Conflict first;
  for (int64_t i = offset; i < offset + size; ++i) {
    Byte &byte = shadow[size_t(i)];
    Conflict conflict;
    bool bothAtomic = atomic && byte.state == writtenAtomically;
    if (byte.state == pending)
      conflict = pendingConflict(byte, by);
    else if (byte.state == untouched)
      conflict.kind = Conflict::uninitialised;
    else if (!bothAtomic && !ordered(byte.writer, byte.time, by))
      conflict = {Conflict::race, 0, byte.writer, true, byte.site};
    if (conflict.kind != Conflict::none && first.kind == Conflict::none) {
      first = conflict;
      first.offset = i;
    }
    recordRead(byte, by, atomic);
  }
  return first;
}

Conflict SharedMemory::write(int64_t offset, int64_t size, const Accessor &by, bool atomic) {
  Conflict first;
  for (int64_t i = offset; i < offset + size; ++i) {
    Byte &byte = shadow[size_t(i)];
    Conflict conflict;
    bool bothAtomic = atomic && byte.state == writtenAtomically;
    if (byte.state == pending)
      conflict = pendingConflict(byte, by);
    else if (byte.state != untouched && !bothAtomic && !ordered(byte.writer, byte.time, by))
      conflict = {Conflict::race, 0, byte.writer, true, byte.site};
    for (int32_t r = byte.readers; r >= 0 && conflict.kind == Conflict::none; r = reads[size_t(r)].next) {
      const Read &read = reads[size_t(r)];
      if (!(atomic && read.atomic) && !ordered(read.thread, read.time, by))
        conflict = {Conflict::race, 0, read.thread, false, read.site};
    }
    if (conflict.kind != Conflict::none && first.kind == Conflict::none) {
      first = conflict;
      first.offset = i;
    }
    dropReads(byte);
    byte.site = by.site;
    byte.time = by.clock[by.thread];
    byte.writer = int16_t(by.thread);
    byte.state = atomic ? writtenAtomically : written;
  }
  return first;
}

Conflict SharedMemory::startAsync(int64_t offset, int64_t size, const Accessor &by) {
  Conflict conflict = write(offset, size, by);
  for (int64_t i = offset; i < offset + size; ++i)
    shadow[size_t(i)].state = pending;
  return conflict;
}

void SharedMemory::finishAsync(int64_t offset, int64_t size, const Accessor &by) {
  for (int64_t i = offset; i < offset + size; ++i) {
    Byte &byte = shadow[size_t(i)];
    byte.state = written;
    byte.time = by.clock[by.thread]; // ordered only for those who synchronise after the wait
  }
}
