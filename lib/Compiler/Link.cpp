// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// lld in process. It reads and writes files and has global state: a private temporary folder, removed on every path, and one link at a time.
#include "lib/Compiler/MachineCode.h"

#include "lld/Common/Driver.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <mutex>

LLD_HAS_DRIVER(elf)

using namespace llvm;

namespace lacuna {
namespace {

bool writeFile(StringRef path, StringRef bytes) {
  std::error_code code;
  raw_fd_ostream stream(path, code);
  if (code)
    return false;
  stream << bytes;
  stream.close();
  if (!stream.has_error())
    return true;
  stream.clear_error();
  return false;
}

/// Runs lld; returns what it said when it failed.
std::optional<std::string> runLinker(ArrayRef<const char *> arguments) {
  static std::mutex mutex;
  static bool usable = true;
  std::lock_guard<std::mutex> lock(mutex);
  if (!usable)
    return "an earlier link crashed";
  std::string messages;
  raw_string_ostream stream(messages);
  lld::Result result = lld::lldMain(arguments, stream, stream, {{lld::Gnu, &lld::elf::link}});
  usable = result.canRunAgain;
  if (result.retCode == 0)
    return std::nullopt;
  return messages.empty() ? "unknown reason" : StringRef(messages).trim().str();
}

} // namespace

std::optional<std::string> linkSharedObject(mlir::ModuleOp module, StringRef object, bool allowUndefined) {
  auto fail = [&](const Twine &why) {
    module.emitError("linking the host object failed: ") << why;
    return std::nullopt;
  };
  SmallString<128> folder;
  if (std::error_code code = sys::fs::createUniqueDirectory("lacuna", folder))
    return fail("cannot make a temporary folder: " + code.message());
  auto cleanup = make_scope_exit([&] { sys::fs::remove_directories(folder); });
  std::string input = (folder + "/host.o").str(), output = (folder + "/host.so").str();
  if (!writeFile(input, object))
    return fail("cannot write " + input);
  SmallVector<const char *> arguments{"ld.lld", "-shared", "--gc-sections", "--threads=1", "--build-id=none", "--hash-style=gnu", "-z", "noexecstack",
                                      "-z", "now", "-o", output.c_str(), input.c_str()};
  if (!allowUndefined)
    arguments.push_back("--no-undefined");
  if (std::optional<std::string> message = runLinker(arguments))
    return fail(*message);
  ErrorOr<std::unique_ptr<MemoryBuffer>> bytes = MemoryBuffer::getFile(output);
  if (!bytes)
    return fail("cannot read " + output + ": " + bytes.getError().message());
  return (*bytes)->getBuffer().str();
}

} // namespace lacuna
