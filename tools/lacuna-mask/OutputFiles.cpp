// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/OutputFiles.h"
#include "tools/lacuna-mask/Fail.h"

#include "llvm/Support/FileSystem.h"

using namespace mlir;

namespace lacuna {

LogicalResult OutputFiles::open(StringRef path, raw_ostream *&os) {
  os = nullptr;
  if (path.empty())
    return success();
  std::error_code problem;
  auto file = std::make_unique<llvm::ToolOutputFile>(path, problem, llvm::sys::fs::OpenFlags::OF_None);
  if (problem)
    return fail("cannot write " + path + ": " + problem.message());
  os = &file->os();
  files.push_back(std::move(file));
  return success();
}

LogicalResult OutputFiles::keep() {
  for (auto &file : files) {
    file->os().flush();
    if (std::error_code problem = file->os().error()) {
      file->os().clear_error();
      return fail("cannot write " + file->outputFilename() + ": " + problem.message());
    }
  }
  for (auto &file : files)
    file->keep();
  return success();
}

} // namespace lacuna
