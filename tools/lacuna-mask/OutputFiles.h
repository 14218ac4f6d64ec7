// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Files for what lacuna-mask found: all of them stay, or none.
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/Support/ToolOutputFile.h"

#include <memory>
#include <vector>

namespace lacuna {

/// Opened before anything is written: a file that cannot be kept takes the others with it.
class OutputFiles {
public:
  /// Makes `os` null where the path is empty, standard output where it is -. Reports a file that cannot be written.
  mlir::LogicalResult open(llvm::StringRef path, llvm::raw_ostream *&os);
  /// Reports a file that could not be written to its end.
  mlir::LogicalResult keep();

private:
  std::vector<std::unique_ptr<llvm::ToolOutputFile>> files;
};

} // namespace lacuna
