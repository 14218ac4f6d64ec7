// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a kind of chip adds to the host object: kernels and, for GPUs, device code.
#pragma once

#include "lib/Compiler/Compiler.h"
#include "lib/Target/Target.h"
#include "runtime/Artifact.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LogicalResult.h"
#include "llvm/ADT/StringMap.h"

#include <optional>

namespace lacuna {

/// Device code of one target.
struct DeviceCode {
  llvm::StringMap<std::string> symbols; ///< tile.kernel → its symbol in the code, where the code's format wants another name
  std::optional<runtime::Blob> blob;    ///< null: the kernels are functions of the host object
  std::vector<runtime::Kernel> kernels; ///< resources by name of the tile.kernel (`symbol`), in any order; `schedule`, `tile` and `cost` are filled in by the driver
  std::string text;                     ///< set instead of the above when options.emit asks for a stage on the way
};

/// Compiles the kernels of `module`, a clone with `tile.target` set that holds `tile.kernel`s (no cost twins) and host functions to ignore.
/// Reports errors on the module. `options.emit` may name a stage (mlir, llvm, ptx, asm): then only `text` is set.
using CodeGenerator = mlir::FailureOr<DeviceCode> (*)(mlir::ModuleOp module, const TargetDescription &target, const CompileOptions &options);

/// Generators of NVIDIA (PTX, cubin) and AMD (HSACO) code.
mlir::FailureOr<DeviceCode> generateNvidia(mlir::ModuleOp module, const TargetDescription &target, const CompileOptions &options);
mlir::FailureOr<DeviceCode> generateAmd(mlir::ModuleOp module, const TargetDescription &target, const CompileOptions &options);

/// The generator of a kind of chip; null where Lacuna has none (and for CPUs, whose kernels are part of the host object).
CodeGenerator lookupCodeGenerator(TargetKind kind);

} // namespace lacuna
