// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Compile.h"

#include "lib/Compiler/Compiler.h"
#include "lib/Target/Target.h"

using namespace lacuna;
using namespace lacuna::run;

/// Locations come first, so that editors find them.
static void print(Severity severity, llvm::StringRef message) {
  auto [where, what] = message.split(": ");
  bool located = where.count(':') == 2 && !where.contains('\n');
  const char *word = severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "remark";
  llvm::errs() << (located ? where : "lacuna-run") << ": " << word << ": " << (located ? what : message) << "\n";
}

/// Chips for a GPU that is known by number only: all of its maker's, the runtime chooses. Other names stay as they are.
static std::vector<std::string> chipsOf(const std::vector<std::string> &names) {
  std::vector<std::string> chips;
  for (llvm::StringRef name : names) {
    bool isCuda = name.starts_with("cuda:"), isHip = name.starts_with("hip:");
    if (!isCuda && !isHip)
      chips.push_back(name.str());
    for (const TargetDescription &target : allTargets())
      if ((isCuda && target.kind == TargetKind::Nvidia) || (isHip && target.kind == TargetKind::Amd))
        chips.push_back(target.name.str());
  }
  return chips;
}

static CompileOptions makeOptions(const CompileRequest &request) {
  CompileOptions options;
  options.targets = chipsOf(request.targets);
  options.entry = request.entry;
  options.scheduleFile = request.scheduleFile;
  options.maskLibraries = request.maskLibraries;
  options.raise = request.raise;
  options.reference = request.reference;
  options.dropMasks = request.dropMasks;
  return options;
}

std::optional<std::string> lacuna::run::compileSource(llvm::StringRef source, llvm::StringRef name,
                                                      const CompileRequest &request) {
  return compile(source, name, makeOptions(request), print);
}

std::optional<std::string> lacuna::run::compileQuietly(llvm::StringRef source, llvm::StringRef name,
                                                       const CompileRequest &request, std::string &problems) {
  return compile(source, name, makeOptions(request), [&](Severity severity, llvm::StringRef message) {
    if (severity == Severity::Error)
      problems += (problems.empty() ? "" : "\n") + message.str();
  });
}
