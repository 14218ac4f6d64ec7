// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the command line's files and folders to curves.
#ifndef LACUNA_TOOLS_SCORE_INPUTS_H
#define LACUNA_TOOLS_SCORE_INPUTS_H

#include "Curve.h"

#include "runtime/Status.h"

namespace lacuna::score {

/// A file itself; a folder's .log, .txt and .json files by name, without those of its folders.
runtime::Result<std::vector<std::string>> listFiles(const std::string &path);

struct FileCurves {
  std::string stem;
  std::vector<Curve> curves;
  std::vector<Note> notes;
  std::optional<std::string> benchResult; ///< its text, if it is one
};
/// .json is a lacuna-bench result, .log and .txt are logs, anything else is what it looks like. Reads regular files
/// only: a device or a pipe may never end.
runtime::Result<FileCurves> readCurves(const std::string &file);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_INPUTS_H
