// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The flags of lacuna-bench.
#ifndef LACUNA_TOOLS_BENCH_COMMANDLINE_H
#define LACUNA_TOOLS_BENCH_COMMANDLINE_H

#include "Tool.h"

namespace lacuna::bench {

/// Prints and exits for --help, --version and flags that are wrong.
ToolOptions parseCommandLine(int argc, char **argv);

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_COMMANDLINE_H
