// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory of devices that compute in the host's memory.
#include "runtime/Device.h"

#include <cstdlib>
#include <cstring>

using namespace lacuna::runtime;

Result<void *> HostMemoryDevice::allocate(int64_t bytes, void *) {
  void *memory = nullptr;
  if (bytes <= 0 || posix_memalign(&memory, 64, size_t(bytes)) != 0)
    return failure(LACUNA_OUT_OF_MEMORY, "cannot allocate " + std::to_string(bytes) + " bytes on " + name());
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
