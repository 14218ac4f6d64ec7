// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The flags of lacuna-mask.
#pragma once

#include "tools/lacuna-mask/MaskOptions.h"

namespace lacuna {

/// Prints and exits for --help, --version and flags that are wrong; reports flags that do not go together.
mlir::FailureOr<MaskOptions> parseCommandLine(int argc, char **argv);

} // namespace lacuna
