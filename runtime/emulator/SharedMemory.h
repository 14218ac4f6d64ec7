// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The shared memory of one block with a shadow per byte: who wrote it last, who read it since, is a cp.async on its
// way. Order between threads comes as vector clocks: thread t's clock at index u says how far t has seen u, so an
// access of u at u's time c is ordered before t iff c <= clock(t)[u]. Barriers and warp syncs join clocks.
#ifndef LACUNA_RUNTIME_EMULATOR_SHAREDMEMORY_H
#define LACUNA_RUNTIME_EMULATOR_SHAREDMEMORY_H

#include <cstdint>
#include <vector>

namespace lacuna::emulator {

/// The thread that accesses, what it has seen of the others, and the instruction.
struct Accessor {
  int thread;
  const uint32_t *clock;
  const char *site;
};

/// What is wrong with an access, at its first bad byte.
struct Conflict {
  enum Kind { none, race, missingWait, uninitialised } kind = none;
  int64_t offset = 0;
  int other = -1; ///< the other thread of a race, or the one that issued the cp.async
  bool otherWrites = false;
  const char *otherSite = nullptr;
};

class SharedMemory {
public:
  SharedMemory();
  ~SharedMemory();
  SharedMemory(const SharedMemory &) = delete;
  SharedMemory &operator=(const SharedMemory &) = delete;

  char *base() const { return memory; }
  int64_t bytes() const { return int64_t(shadow.size()); }
  /// A new block: nothing is initialised; all bytes are 0xff, which is a NaN in every type.
  void reset(int64_t bytes);

  /// Ranges must lie inside bytes().
  Conflict read(int64_t offset, int64_t size, const Accessor &by, bool atomic = false);
  Conflict write(int64_t offset, int64_t size, const Accessor &by, bool atomic = false);
  /// A copy that starts now and will write: nobody may touch the bytes before finishAsync().
  Conflict startAsync(int64_t offset, int64_t size, const Accessor &by);
  void finishAsync(int64_t offset, int64_t size, const Accessor &by);

private:
  enum State : uint8_t { untouched, written, writtenAtomically, pending };
  struct Byte {
    const char *site = nullptr; // of the write
    uint32_t time = 0;          // of the write, or of the issue if pending
    int32_t readers = -1;       // first of a list in `reads`
    int16_t writer = -1;
    State state = untouched;
  };
  struct Read {
    const char *site;
    uint32_t time;
    int32_t next;
    int16_t thread;
    bool atomic;
  };

  static bool ordered(int thread, uint32_t time, const Accessor &by) {
    return thread == by.thread || time <= by.clock[thread];
  }
  Conflict pendingConflict(const Byte &byte, const Accessor &by) const;
  void recordRead(Byte &byte, const Accessor &by, bool atomic);
  void dropReads(Byte &byte);

  char *memory = nullptr;
  char *reservation = nullptr;
  std::vector<Byte> shadow;
  std::vector<Read> reads;
  int32_t freeReads = -1;
};

} // namespace lacuna::emulator

#endif // LACUNA_RUNTIME_EMULATOR_SHAREDMEMORY_H
