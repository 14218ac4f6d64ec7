// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Outputs.h"

#include "Safetensors.h"
#include "Values.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

using namespace lacuna;
using namespace lacuna::run;
using namespace lacuna::runtime;

/// The result's number and the file's path.
static Result<std::pair<int64_t, std::string>> parseOutput(const lacunaProgram *program, int64_t entry,
                                                           const std::string &text) {
  Result<Assignment> assignment = parseAssignment(text);
  llvm::StringRef path = assignment.ok() ? llvm::StringRef(assignment->value) : "";
  if (!path.consume_front("@") || path.empty())
    return expectsButGot("--out", "NAME=@FILE", "'" + text + "'");
  Result<int64_t> number = findResult(program, entry, assignment->name);
  if (!number.ok())
    return Status{number.status().code, "--out " + number.status().message};
  return std::pair(*number, path.str());
}

Result<std::vector<OutputFile>> lacuna::run::planOutputs(const lacunaProgram *program, int64_t entry,
                                                         const std::vector<std::string> &texts) {
  std::vector<OutputFile> files;
  for (const std::string &text : texts) {
    auto output = parseOutput(program, entry, text);
    if (!output.ok())
      return output.status();
    auto [number, path] = *output;
    lacunaArgumentInfo info = {};
    lacunaProgramResult(program, entry, number, &info);
    auto file = llvm::find_if(files, [path = path](const OutputFile &file) { return file.path == path; });
    if (file == files.end())
      file = files.insert(file, {path, {}});
    std::pair<std::string, int64_t> result(info.name, number);
    if (llvm::is_contained(file->results, result))
      return invalidArgument("--out writes result '" + result.first + "' to '" + path + "' twice");
    file->results.push_back(result);
  }
  return files;
}

Status lacuna::run::writeOutput(const OutputFile &file, const std::vector<HostTensor> &results) {
  std::vector<NamedTensor> tensors;
  for (const auto &[name, number] : file.results)
    tensors.push_back({name, &results[size_t(number)]});
  return writeFile(file.path, serializeSafetensors(tensors));
}

Status lacuna::run::writeFile(const std::string &path, llvm::StringRef bytes) {
  llvm::Error error = llvm::writeToOutput(path, [&](llvm::raw_ostream &stream) {
    stream << bytes;
    return llvm::Error::success();
  });
  if (!error)
    return success();
  return failure(LACUNA_IO_ERROR, "cannot write '" + path + "': " + llvm::toString(std::move(error)));
}
