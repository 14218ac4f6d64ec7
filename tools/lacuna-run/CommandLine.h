// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The flags of lacuna-run. Made in main, not before: LLVM has a --threads of its own, which must go first.
#ifndef LACUNA_TOOLS_RUN_COMMANDLINE_H
#define LACUNA_TOOLS_RUN_COMMANDLINE_H

#include "Tool.h"

namespace lacuna::run {

/// Prints and exits for --help, --version and flags that are wrong.
ToolOptions parseCommandLine(int argc, char **argv);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_COMMANDLINE_H
