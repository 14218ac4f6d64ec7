// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tool without its command line: reads a suite, measures what is not there yet, writes and says what came of it.
#ifndef LACUNA_TOOLS_BENCH_TOOL_H
#define LACUNA_TOOLS_BENCH_TOOL_H

#include "EntryResult.h"

#include "llvm/Support/raw_ostream.h"

namespace lacuna::bench {

struct ToolOptions {
  std::string suite, folder, device = "cpu", only, python;
  SuiteOptions numbers;
  ResultOptions result;
  std::optional<int64_t> threads;
  bool resume = false, list = false;
  std::vector<std::string> commandLine;
  std::string program; ///< this executable
};

/// The table goes to `out`, progress and errors to `err`. True only if every entry ended well.
bool runTool(const ToolOptions &options, llvm::raw_ostream &out, llvm::raw_ostream &err);

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_TOOL_H
