// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory of devices that compute in the host's memory.
#include "runtime/Device.h"

#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

using namespace lacuna::runtime;

/// Blocks of this size and more lie on huge pages where the system has them: a workspace that lives for one run would pay for its small pages each time.
static constexpr int64_t hugePageBytes = 2 << 20;

Result<void *> HostMemoryDevice::allocate(int64_t bytes, void *) {
  void *memory = nullptr;
  bool isHuge = bytes >= hugePageBytes;
  if (bytes <= 0 || posix_memalign(&memory, isHuge ? size_t(hugePageBytes) : 64, size_t(bytes)) != 0)
    return failure(LACUNA_OUT_OF_MEMORY, "cannot allocate " + std::to_string(bytes) + " bytes on " + name());
#ifdef MADV_HUGEPAGE
  if (isHuge) // advice only: a system without huge pages says no
    (void)madvise(memory, size_t(bytes / hugePageBytes * hugePageBytes), MADV_HUGEPAGE);
#endif
  return memory;
}

Status HostMemoryDevice::deallocate(void *memory, void *) {
  std::free(memory);
  return success();
}

Status HostMemoryDevice::copyIn(void *toDevice, const void *from, int64_t bytes) {
  if (bytes > 0)
    std::memcpy(toDevice, from, size_t(bytes));
  return success();
}

Status HostMemoryDevice::copyOut(void *to, const void *fromDevice, int64_t bytes) {
  return copyIn(to, fromDevice, bytes);
}
