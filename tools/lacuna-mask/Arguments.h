// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Values for the arguments of a function, as text: `4096`, `0.5`, `[0, 512, 1024]`, `[[1, 0], [0, 1]]`.
#pragma once

#include "tools/lacuna-mask/MaskProbe.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace lacuna {

/// One argument as the command line and its attributes describe it.
struct ArgumentText {
  std::string name; ///< `attn.name`, else its position
  mlir::Type type;
  std::string text; ///< --arg, else `attn.default`, else empty
};

/// Names, types and texts of the arguments of `function`. `given` holds NAME=VALUE or POSITION=VALUE; an unknown name is an error.
llvm::Expected<std::vector<ArgumentText>> describeArguments(mlir::func::FuncOp function, llvm::ArrayRef<std::string> given);

/// The value in memory, of the element type and rank of the argument; of a generated tensor only the shape if nobody reads its elements.
llvm::Expected<ProbeArgumentValue> parseArgument(const ArgumentText &argument, bool onlyShape = false);

} // namespace lacuna
