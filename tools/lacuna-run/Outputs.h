// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --out NAME=@FILE: which results go to which safetensors file. Files appear complete or not at all.
#ifndef LACUNA_TOOLS_RUN_OUTPUTS_H
#define LACUNA_TOOLS_RUN_OUTPUTS_H

#include "HostTensor.h"

#include "llvm/ADT/StringRef.h"

namespace lacuna::run {

/// A file and the numbers of its results; their keys are their names.
struct OutputFile {
  std::string path;
  std::vector<std::pair<std::string, int64_t>> results;
};

/// Groups the --out texts by file.
runtime::Result<std::vector<OutputFile>> planOutputs(const lacunaProgram *program, int64_t entry,
                                                     const std::vector<std::string> &texts);

runtime::Status writeOutput(const OutputFile &file, const std::vector<HostTensor> &results);

/// Writes to a temporary file beside `path` and renames it.
runtime::Status writeFile(const std::string &path, llvm::StringRef bytes);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_OUTPUTS_H
