// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// lld through temporary files: it writes neither to memory nor to a memfd.
#include "lib/Support/Linker.h"

#include "lld/Common/Driver.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <mutex>

LLD_HAS_DRIVER(elf)

using namespace llvm;

namespace {
/// A file that disappears with the object.
struct TemporaryFile {
  SmallString<128> path;
  std::error_code error;
  explicit TemporaryFile(StringRef suffix) { error = sys::fs::createTemporaryFile("lacuna", suffix, path); }
  ~TemporaryFile() { sys::fs::remove(path); }
};
} // namespace

std::optional<std::vector<char>> lacuna::linkSharedObject(StringRef object, ArrayRef<const char *> flags,
                                                          std::string &error) {
  TemporaryFile input("o"), output("so");
  std::error_code failure = input.error ? input.error : output.error;
  if (!failure) {
    raw_fd_ostream stream(input.path, failure);
    stream << object;
  }
  if (failure) {
    error = "cannot write a temporary file: " + failure.message();
    return std::nullopt;
  }
  SmallVector<const char *> arguments{"ld.lld", "-shared", input.path.c_str(), "-o", output.path.c_str()};
  append_range(arguments, flags);
  raw_string_ostream complaints(error);
  static std::mutex one;
  std::lock_guard<std::mutex> lock(one);
  static bool usable = true; // lld says when a crash inside has ruined its state
  if (!usable) {
    error = "an earlier link crashed";
    return std::nullopt;
  }
  lld::Result result = lld::lldMain(arguments, complaints, complaints, {{lld::Gnu, &lld::elf::link}});
  usable = result.canRunAgain;
  if (result.retCode != 0)
    return std::nullopt;
  auto buffer = MemoryBuffer::getFile(output.path);
  if (!buffer) {
    error = "cannot read the linked file: " + buffer.getError().message();
    return std::nullopt;
  }
  return std::vector<char>((*buffer)->getBufferStart(), (*buffer)->getBufferEnd());
}
