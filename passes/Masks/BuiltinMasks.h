// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The mask library (masks/*.mlir) as text inside the program.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace lacuna {

struct BuiltinMaskFile {
  llvm::StringRef name; ///< for locations: "masks/NAME.mlir"
  llvm::StringRef text;
};

llvm::ArrayRef<BuiltinMaskFile> builtinMaskFiles();

} // namespace lacuna
