// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// lacuna-mask: shows the mask of an attention op at one size, or counts its tiles in an N-D space. Compiles the mask for this machine; never makes an
// object with Sq x Sk elements. CommandLine.h reads the flags, Tool.h does the work.
#include "tools/lacuna-mask/CommandLine.h"
#include "tools/lacuna-mask/Tool.h"

#include "llvm/Support/InitLLVM.h"

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  auto options = lacuna::parseCommandLine(argc, argv);
  return failed(options) || failed(lacuna::runTool(*options));
}
