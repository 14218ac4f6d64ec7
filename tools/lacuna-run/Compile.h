// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tool's only way to the compiler library.
#ifndef LACUNA_TOOLS_RUN_COMPILE_H
#define LACUNA_TOOLS_RUN_COMPILE_H

#include "Tool.h"

namespace lacuna::run {

/// A CompileFunction (Tool.h); diagnostics go to standard error.
std::optional<std::string> compileSource(llvm::StringRef source, llvm::StringRef name, const CompileRequest &request);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_COMPILE_H
