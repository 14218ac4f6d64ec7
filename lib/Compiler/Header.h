// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The artifact header's view of entries and kernels, read off the IR.
#pragma once

#include "runtime/Artifact.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Support/LogicalResult.h"

namespace lacuna {

/// Arguments and results of an entry on tensors: names (`attn.name`, else arg0 …, result0 …), types, defaults (`attn.default`).
mlir::FailureOr<runtime::Entry> describeEntry(mlir::func::FuncOp entry);

/// A kernel's header and the name of its tile.kernel, which device code may not be able to spell.
struct NamedKernel {
  std::string name;
  runtime::Kernel header;
};

/// The tile.kernels of a module, cost twins excepted: symbol, schedule, tile sizes.
std::vector<NamedKernel> describeKernels(mlir::ModuleOp module);

} // namespace lacuna
