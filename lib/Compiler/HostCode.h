// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From the LLVM dialect to the object code of the host: translation, optimization, code generation and linking, all in process. Device
// code is lib/Pipelines/MachineCode.h.
#pragma once

#include "lib/Target/Target.h"

#include "mlir/IR/BuiltinOps.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace llvm {
class LLVMContext;
class Module;
class TargetMachine;
} // namespace llvm

namespace lacuna {

/// An LLVM module with the context and the target machine it needs to live.
class HostCode {
public:
  /// Translates and optimizes for a CPU. Everything but `exports` becomes internal. Emits an error on `module` and returns null when it cannot.
  static std::unique_ptr<HostCode> create(mlir::ModuleOp module, const TargetDescription &target, llvm::ArrayRef<std::string> exports);
  ~HostCode();

  std::string text() const;
  bool defines(llvm::StringRef symbol) const;
  /// The object file, or its assembly.
  std::optional<std::string> emit(bool assembly);
  /// Makes a shared object of an object file. `allowUndefined`: symbols of libm may be left to the process.
  std::optional<std::string> link(llvm::StringRef object, bool allowUndefined);

private:
  HostCode();
  bool translate(mlir::ModuleOp source, const TargetDescription &target);
  void addFreestandingFunctions();
  void optimize(llvm::ArrayRef<std::string> exports);

  mlir::ModuleOp source;
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::Module> module;
  std::unique_ptr<llvm::TargetMachine> machine;
  std::string error; ///< of code generation
};

} // namespace lacuna
