// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tool without its command line: load or compile, run, check, write. Tests give it a compiler of their own.
#ifndef LACUNA_TOOLS_RUN_TOOL_H
#define LACUNA_TOOLS_RUN_TOOL_H

#include "Report.h"

#include "llvm/Support/raw_ostream.h"

#include <functional>

namespace lacuna::run {

struct CompileRequest {
  std::vector<std::string> targets, maskLibraries;
  std::string entry, scheduleFile;
  bool reference = false; ///< the naive lowering in f64
  bool raise = false;     ///< find attention in upstream ops first
  bool dropMasks = false; ///< every attention attends everything
};

/// Module text to the bytes of an artifact; `name` stands for the text in diagnostics. Nothing on failure, which it has
/// reported itself.
using CompileFunction = std::function<std::optional<std::string>(llvm::StringRef source, llvm::StringRef name,
                                                                 const CompileRequest &request)>;

struct ToolOptions {
  std::string input; ///< .mlir, .lacuna (told apart by content) or - for standard input
  std::string device = "cpu";
  CompileRequest compile;             ///< no targets: those of the device
  std::vector<std::string> arguments; ///< NAME=VALUE
  std::vector<std::string> outputs;   ///< NAME=@FILE
  bool check = false;
  std::optional<double> atol, rtol;
  int64_t repeat = 1;
  std::optional<int64_t> threads; ///< else the runtime chooses
  std::string jsonPath;
};

/// Prints the summary to `out` (with --json -: the JSON, and the summary to `err`) and errors to `err`. True only if
/// everything went well and the check, if any, passed.
bool runTool(const ToolOptions &options, const CompileFunction &compile, llvm::raw_ostream &out,
             llvm::raw_ostream &err);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_TOOL_H
