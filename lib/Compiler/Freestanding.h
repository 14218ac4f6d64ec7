// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that LLVM's code generation may call although nobody wrote a call: every object carries its own.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace lacuna {

/// LLVM IR of the functions; unused ones are dropped by the linker.
llvm::StringRef getFreestandingFunctions();

bool isFreestandingFunction(llvm::StringRef name);

} // namespace lacuna
