// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How lacuna-mask says that it cannot go on.
#pragma once

#include "mlir/Support/LogicalResult.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace lacuna {

/// Prints the message; always a failure.
inline llvm::LogicalResult fail(const llvm::Twine &message) {
  llvm::errs() << "lacuna-mask: error: " << message << "\n";
  return llvm::failure();
}

inline llvm::LogicalResult fail(llvm::Error problem) { return fail(llvm::toString(std::move(problem))); }

} // namespace lacuna
