// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fibers over jump_fcontext: 7 ns a switch, and no system call, unlike swapcontext.
#include "runtime/emulator/Fiber.h"

#include <boost/context/detail/fcontext.hpp>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define LACUNA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LACUNA_ASAN 1
#endif
#endif
#ifdef LACUNA_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

using namespace lacuna::emulator;
namespace context = boost::context::detail;

// Pages are only taken when touched; a kernel that needs more hits the guard page.
static constexpr size_t stackBytes = 256 * 1024, guardBytes = 4096;

/// The annotations around a switch; nothing without AddressSanitizer.
struct Fiber::Switch {
#ifdef LACUNA_ASAN
  static void begin(void **save, const void *bottom, size_t bytes) {
    __sanitizer_start_switch_fiber(save, bottom, bytes);
  }
  static void end(void *save, const void **bottom, size_t *bytes) {
    __sanitizer_finish_switch_fiber(save, bottom, bytes);
  }
  static void unpoison(const void *memory, size_t bytes) { __asan_unpoison_memory_region(memory, bytes); }
#else
  static void begin(void **, const void *, size_t) {}
  static void end(void *, const void **, size_t *) {}
  static void unpoison(const void *, size_t) {}
#endif

  static void entry(context::transfer_t transfer) {
    Fiber &fiber = *static_cast<Fiber *>(transfer.data);
    fiber.scheduler = transfer.fctx;
    end(nullptr, &fiber.schedulerBottom, &fiber.schedulerBytes);
    fiber.body(fiber.argument);
    __builtin_trap(); // the body ends with suspend(true)
  }
};

Fiber::Fiber() {
  void *memory = mmap(nullptr, stackBytes + guardBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    return;
  mprotect(memory, guardBytes, PROT_NONE);
  stack = static_cast<char *>(memory) + guardBytes;
}

Fiber::~Fiber() {
  if (!stack)
    return;
  Switch::unpoison(stack, stackBytes);
  munmap(stack - guardBytes, stackBytes + guardBytes);
}

void Fiber::start(void (*newBody)(void *), void *newArgument) {
  Switch::unpoison(stack, stackBytes);
  body = newBody;
  argument = newArgument;
  fakeStack = nullptr;
  context = context::make_fcontext(stack + stackBytes, stackBytes, Switch::entry);
}

void Fiber::resume() {
  Switch::begin(&schedulerFakeStack, stack, stackBytes);
  context = context::jump_fcontext(context, this).fctx;
  Switch::end(schedulerFakeStack, nullptr, nullptr);
}

void Fiber::suspend(bool final) {
  Switch::begin(final ? nullptr : &fakeStack, schedulerBottom, schedulerBytes);
  scheduler = context::jump_fcontext(scheduler, nullptr).fctx;
  Switch::end(fakeStack, &schedulerBottom, &schedulerBytes);
}

bool Fiber::holds(const void *address) const { return uintptr_t(address) - uintptr_t(stack) < stackBytes; }
