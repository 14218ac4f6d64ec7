// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The only way of lacuna-run and lacuna-bench to the compiler library.
#ifndef LACUNA_TOOLS_RUN_COMPILE_H
#define LACUNA_TOOLS_RUN_COMPILE_H

#include "Tool.h"

namespace lacuna::run {

/// A CompileFunction whose errors, "file:line:column: message", are left in `problems`.
std::optional<std::string> compileQuietly(llvm::StringRef source, llvm::StringRef name, const CompileRequest &request,
                                          std::string &problems);

/// A CompileFunction (Tool.h); diagnostics go to standard error.
std::optional<std::string> compileSource(llvm::StringRef source, llvm::StringRef name, const CompileRequest &request);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_COMPILE_H
