// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a static LLVM asks for and should not get, defined here so that the linker looks no further. Linked with the archives only.
#include "llvm/Config/llvm-config.h"
#include "llvm/Plugins/PassPlugin.h"

#include <cstdint>
#include <ctime>
#include <unistd.h>

// lld's link-time optimisation, which our links of one native object never reach, registers Polly where LLVM was built with it.
llvm::PassPluginLibraryInfo getPollyPluginInfo() { return {LLVM_PLUGIN_API_VERSION, "none", "", [](llvm::PassBuilder &) {}}; }

// lld initialises all of LLVM's targets; these stay empty.
#define UNUSED(target)                                                                                                  \
  extern "C" void LLVMInitialize##target##TargetInfo() {}                                                               \
  extern "C" void LLVMInitialize##target##Target() {}                                                                   \
  extern "C" void LLVMInitialize##target##TargetMC() {}                                                                 \
  extern "C" void LLVMInitialize##target##AsmPrinter() {}                                                               \
  extern "C" void LLVMInitialize##target##AsmParser() {}
#include "lib/Support/UnusedTargets.inc"

// glibc has it from 2.36 on, and LLVM uses it where it was built: names of temporary files. Ours keeps binaries loadable on glibc 2.35.
extern "C" uint32_t arc4random() noexcept {
  uint32_t value;
  return getentropy(&value, sizeof(value)) == 0 ? value : static_cast<uint32_t>(clock() ^ getpid());
}
