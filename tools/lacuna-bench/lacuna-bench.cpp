// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lacuna-bench: CommandLine.h reads the flags, Tool.h does the work; as --worker it is one of the sides (Worker.h).
#include "CommandLine.h"
#include "Worker.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"

#include <exception>

using namespace lacuna::bench;

int main(int argc, char **argv) {
  if (argc == 2 && llvm::StringRef(argv[1]) == "--worker")
    return runWorker();
  llvm::InitLLVM init(argc, argv);
  ToolOptions options = parseCommandLine(argc, argv);
  options.program = llvm::sys::fs::getMainExecutable(argv[0], reinterpret_cast<void *>(&parseCommandLine));
  catchInterrupts();
  try {
    return runTool(options, llvm::outs(), llvm::errs()) ? 0 : 1;
  } catch (const std::exception &error) { // no memory for data, mostly
    llvm::errs() << "lacuna-bench: error: " << error.what() << "\n";
    return 1;
  }
}
