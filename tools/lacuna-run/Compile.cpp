// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Compile.h"

#include "lib/Compiler/Compiler.h"

using namespace lacuna;
using namespace lacuna::run;

/// Locations come first, so that editors find them.
static void print(Severity severity, llvm::StringRef message) {
  auto [where, what] = message.split(": ");
  bool located = where.count(':') == 2 && !where.contains('\n');
  const char *word = severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "remark";
  llvm::errs() << (located ? where : "lacuna-run") << ": " << word << ": " << (located ? what : message) << "\n";
}

std::optional<std::string> lacuna::run::compileSource(llvm::StringRef source, llvm::StringRef name,
                                                      const CompileRequest &request) {
  CompileOptions options;
  options.targets = request.targets;
  options.entry = request.entry;
  options.scheduleFile = request.scheduleFile;
  options.maskLibraries = request.maskLibraries;
  options.reference = request.reference;
  return compile(source, name, options, print);
}
