// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A stack that can be entered and left (boost.context), with the annotations that AddressSanitizer wants.
#ifndef LACUNA_RUNTIME_EMULATOR_FIBER_H
#define LACUNA_RUNTIME_EMULATOR_FIBER_H

#include <cstddef>
#include <cstdint>

namespace lacuna::emulator {

/// One fiber. resume() enters it from the scheduler, suspend() goes back. A fiber may be abandoned: start() takes its
/// stack anew, so nothing that must be destroyed may live on it while it is suspended.
class Fiber {
public:
  Fiber();
  ~Fiber();
  Fiber(const Fiber &) = delete;
  Fiber &operator=(const Fiber &) = delete;

  /// False if there was no memory for the stack.
  bool valid() const { return stack != nullptr; }
  /// The next resume() runs body(argument), which must leave by suspend(true) and not return.
  void start(void (*body)(void *), void *argument);
  void resume();
  /// Inside the fiber only. `final`: it will not be resumed.
  void suspend(bool final = false);
  /// Does the address lie on this fiber's stack?
  bool holds(const void *address) const;

private:
  struct Switch;

  char *stack = nullptr; // usable part, above a guard page
  void *context = nullptr;
  void *scheduler = nullptr;
  void (*body)(void *) = nullptr;
  void *argument = nullptr;
  // AddressSanitizer's bookkeeping of the two stacks.
  void *fakeStack = nullptr, *schedulerFakeStack = nullptr;
  const void *schedulerBottom = nullptr;
  size_t schedulerBytes = 0;
};

} // namespace lacuna::emulator

#endif // LACUNA_RUNTIME_EMULATOR_FIBER_H
