// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The flags of lacuna-score. By hand, since the tool links no LLVM.
#ifndef LACUNA_TOOLS_SCORE_COMMANDLINE_H
#define LACUNA_TOOLS_SCORE_COMMANDLINE_H

#include "Parameters.h"

#include "runtime/Status.h"

namespace lacuna::score {

struct CommandLine {
  std::vector<std::string> files;
  ScoreOptions options;
  std::string jsonPath; ///< empty: none; -: standard output
  std::string htmlPath; ///< empty: none
  bool help = false, version = false;
};

/// Flags may stand anywhere, as --flag VALUE or --flag=VALUE; what follows -- is a file. Each flag at most once.
runtime::Result<CommandLine> parseCommandLine(const std::vector<std::string> &arguments);

extern const char *const helpText;

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_COMMANDLINE_H
