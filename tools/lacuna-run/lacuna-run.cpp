// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lacuna-run: CommandLine.h reads the flags, Tool.h does the work.
#include "CommandLine.h"
#include "Compile.h"

#include "llvm/Support/InitLLVM.h"

#include <exception>

using namespace lacuna::run;

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  ToolOptions options = parseCommandLine(argc, argv);
  try {
    return runTool(options, compileSource, llvm::outs(), llvm::errs()) ? 0 : 1;
  } catch (const std::exception &error) { // no memory for data, mostly
    llvm::errs() << "lacuna-run: error: " << error.what() << "\n";
    return 1;
  }
}
