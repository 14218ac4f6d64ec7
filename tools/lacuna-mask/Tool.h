// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tool without its command line: from the file by way of compiled probes to the report.
#pragma once

#include "tools/lacuna-mask/MaskOptions.h"

namespace lacuna {

/// Prints the report to standard output and errors to standard error.
mlir::LogicalResult runTool(const MaskOptions &options);

} // namespace lacuna
