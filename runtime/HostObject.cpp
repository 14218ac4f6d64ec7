// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// memfd + dlopen: works without a writable directory, and leaves nothing behind when the process dies.
#include "runtime/HostObject.h"

#include <cerrno>
#include <cstring>
#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MFD_EXEC // Linux 6.3; older kernels refuse the flag and need none
#define MFD_EXEC 0x0010U
#endif

using namespace lacuna::runtime;

static int createMemoryFile() {
  int file = memfd_create("lacuna-host", MFD_CLOEXEC | MFD_EXEC);
  return file >= 0 ? file : memfd_create("lacuna-host", MFD_CLOEXEC);
}

static bool writeAll(int file, const std::string &bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    ssize_t count = write(file, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    done += size_t(count);
  }
  return true;
}

Result<HostObject> HostObject::load(const std::string &elf, const std::string &name) {
  int file = createMemoryFile();
  if (file < 0 || !writeAll(file, elf)) {
    std::string reason = std::strerror(errno);
    if (file >= 0)
      close(file);
    return failure(LACUNA_IO_ERROR, "host object of " + name + ": cannot make a memory file: " + reason);
  }
  // dlopen knows libraries by path: were the file closed, the next one would get its number, hence its path, and
  // dlopen would hand back this library instead. So the file stays open as long as the library.
  std::string path = "/proc/self/fd/" + std::to_string(file);
  void *handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char *reason = dlerror();
    close(file);
    return failure(LACUNA_INVALID_ARTIFACT, "host object of " + name + ": " + (reason ? reason : "cannot be loaded"));
  }
  return HostObject(handle, file, name);
}

HostObject::HostObject(HostObject &&other) : handle(other.handle), file(other.file), name(std::move(other.name)) {
  other.handle = nullptr;
  other.file = -1;
}

HostObject::~HostObject() {
  if (handle)
    dlclose(handle);
  if (file >= 0)
    close(file);
}

void *HostObject::find(const std::string &symbol) const { return dlsym(handle, symbol.c_str()); }

Status HostObject::missing(const std::string &symbol) const {
  return failure(LACUNA_INVALID_ARTIFACT, "host object of " + name + ": expects the symbol '" + symbol + "'");
}
