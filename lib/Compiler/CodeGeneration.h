// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a GPU adds to the host object: device code, or kernels for the emulator.
#pragma once

#include "lib/Compiler/Compiler.h"
#include "lib/Pipelines/GpuCode.h"
#include "lib/Target/Target.h"
#include "runtime/Artifact.h"

#include "mlir/IR/BuiltinOps.h"

#include <optional>

namespace lacuna {

/// A chip to compile for: its own code, or for the emulator that runs it on this CPU.
struct TargetChoice {
  const TargetDescription *chip = nullptr;
  bool emulate = false;
};

struct DeviceCode {
  std::optional<runtime::Blob> blob; ///< none for the emulator
  std::vector<GpuKernel> kernels;
  std::optional<std::string> stage;  ///< what options.emit asked for, if it is a stage of device code; the rest is then empty
};

/// Compiles the tile.kernels (no cost twins) of `module` for a GPU; the module is consumed, its host functions are ignored.
mlir::FailureOr<DeviceCode> generateDeviceCode(mlir::ModuleOp module, const TargetDescription &chip, const CompileOptions &options);

/// Turns the tile.kernels of `module` (consumed) into functions for the emulator and moves them into `host`.
mlir::FailureOr<DeviceCode> generateEmulation(mlir::ModuleOp module, mlir::ModuleOp host, const TargetDescription &chip);

/// The symbol by which the runtime reaches emulated kernels.
constexpr llvm::StringLiteral kEmulatorSymbol = "lacuna_emulator";

} // namespace lacuna
