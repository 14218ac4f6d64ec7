// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the functions made of the subject are called with: values for the arguments that they read, and the lengths that such a function finds.
#pragma once

#include "tools/lacuna-mask/Subject.h"

namespace lacuna {

using ProbeArguments = std::vector<ProbeArgumentValue>;

/// Values for the arguments that the function reads; the others get none.
llvm::Expected<ProbeArguments> collectArguments(const Subject &subject, mlir::func::FuncOp probe);

/// Arguments of the function of the lengths, where there is one. Lengths that are given need no arguments to find them: then they are believed.
mlir::LogicalResult collectLengthArguments(const Subject &subject, mlir::ModuleOp module, std::optional<ProbeArguments> &values);

/// Gathered queries and keys are as many as the program gathers.
mlir::LogicalResult fitLengths(const MaskProbe &probes, const std::optional<ProbeArguments> &values, const MaskOptions &options, Subject &subject);

} // namespace lacuna
