// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From source bytes to a module of expanded attention that every target starts from.
#pragma once

#include "lib/Compiler/Compiler.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/OwningOpRef.h"

namespace lacuna {

/// Dialects and translations; built once per process.
const mlir::DialectRegistry &getCompilerRegistry();

/// Hands MLIR's diagnostics of one context to a callback, with locations and notes spelled out.
class DiagnosticForwarder {
public:
  DiagnosticForwarder(mlir::MLIRContext *context, const DiagnosticCallback &diagnose);

private:
  mlir::ScopedDiagnosticHandler handler;
};

/// Parses, keeps the entries that were asked for, links masks, inlines, adds result shapes. Null after an error.
mlir::OwningOpRef<mlir::ModuleOp> loadModule(mlir::MLIRContext &context, llvm::StringRef source, llvm::StringRef name,
                                             const CompileOptions &options);

/// Whether the bytes are MLIR bytecode.
bool isBytecode(llvm::StringRef source);

/// The text of bytecode that loadModule accepts.
std::string disassemble(mlir::MLIRContext &context, llvm::StringRef source, llvm::StringRef name);

} // namespace lacuna
