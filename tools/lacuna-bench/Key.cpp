// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Key.h"

#include "EntryRun.h"
#include "Machine.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace lacuna;
using namespace lacuna::bench;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// Texts of what Python's sides run: functions named in the entry that lie beside the suite, and the worker's own
/// files.
static std::string pythonFiles(const Entry &entry, const Workplace &workplace) {
  std::string text = workplace.python;
  std::vector<std::string> functions = {entry.formula, entry.ours.function};
  for (const SideSpec &side : entry.baselines)
    functions.push_back(side.function);
  for (const std::string &function : functions) {
    std::string module = StringRef(function).split(':').first.str();
    std::replace(module.begin(), module.end(), '.', '/');
    text += hashFile(workplace.suiteFolder + "/" + module + ".py");
  }
  std::error_code problem;
  std::vector<std::string> own;
  for (fs::directory_iterator file(path::parent_path(workplace.workerScript), problem), end; file != end && !problem;
       file.increment(problem))
    if (StringRef(file->path()).ends_with(".py"))
      own.push_back(hashFile(file->path()));
  llvm::sort(own);
  return text + llvm::join(own, "");
}

std::string lacuna::bench::keyOf(const Entry &entry, const KeyContext &context) {
  const Workplace &workplace = context.workplace;
  std::string text = context.toolHash + entry.text + workplace.device + std::to_string(workplace.threads.value_or(0)) +
                     std::to_string(context.failFluctuating);
  bool python = !entry.ours.function.empty();
  std::vector<const Program *> programs = {&entry.program};
  for (const SideSpec &side : entry.baselines) {
    text += std::to_string(side.trials) + "," + std::to_string(side.warmup) + ";";
    programs.push_back(&side.program);
    python |= side.isPython();
  }
  for (const std::optional<Program> *part : {&entry.selection, &entry.index})
    if (*part)
      programs.push_back(&**part);
  for (const Program *program : programs) {
    runtime::Result<std::string> source = readProgram(*program, workplace.suiteFolder);
    text += (source.ok() ? *source : source.status().message) + llvm::join(program->arguments, "\n");
  }
  for (const std::string &library : entry.maskLibraries)
    text += hashFile(workplace.suiteFolder + "/" + library);
  text += entry.schedule.empty() ? "" : hashFile(workplace.suiteFolder + "/" + entry.schedule);
  text += std::to_string(entry.ours.trials) + "," + std::to_string(entry.ours.warmup);
  return hashText(python ? text + pythonFiles(entry, workplace) : text);
}
