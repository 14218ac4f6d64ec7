// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One target of an artifact: kernels, host object, device code.
#pragma once

#include "lib/Compiler/CodeGeneration.h"
#include "runtime/Artifact.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LogicalResult.h"

namespace lacuna {

/// What compiling for one target gave.
struct TargetCode {
  runtime::Target target;              ///< blob numbers are positions in `blobs`
  std::vector<runtime::Blob> blobs;
  std::optional<std::string> stage;    ///< the text or object that options.emit asked for; the rest is then empty
};

/// Compiles a loaded module (it is consumed) for one chip.
mlir::FailureOr<TargetCode> compileTarget(mlir::ModuleOp module, const TargetChoice &choice, const CompileOptions &options,
                                          const std::vector<runtime::Entry> &entries);

} // namespace lacuna
