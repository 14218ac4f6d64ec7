// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From the LLVM dialect to a shared object: translation, optimization, code generation and linking, all in process.
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
class MachineModule {
public:
  /// Translates and optimizes for a CPU. Everything but `exports` becomes internal. Emits an error on `module` and returns null when it cannot.
  static std::unique_ptr<MachineModule> create(mlir::ModuleOp module, const TargetDescription &target, llvm::ArrayRef<std::string> exports);
  ~MachineModule();

  std::string text() const;
  bool defines(llvm::StringRef symbol) const;
  /// The object file, or its assembly.
  std::optional<std::string> emit(bool assembly);

private:
  MachineModule();
  bool translate(mlir::ModuleOp source, const TargetDescription &target);
  void addFreestandingFunctions();
  void optimize(llvm::ArrayRef<std::string> exports);

  mlir::ModuleOp source;
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::Module> module;
  std::unique_ptr<llvm::TargetMachine> machine;
  std::string error; ///< of code generation
};

/// Makes a shared object of an object file. `allowUndefined`: symbols of libm may be left to the process.
std::optional<std::string> linkSharedObject(mlir::ModuleOp module, llvm::StringRef object, bool allowUndefined);

} // namespace lacuna
